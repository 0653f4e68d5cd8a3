import BenchmarkModel
import SnapshotStore
import Synchronization

/// Where the history of runs is read from: the store, or what this process remembers where there is none.
struct Results: Sendable {
    private let recent = RecentResults()
    private let reader: (any SnapshotReader)?

    /// The history that `reader` reads; `nil` where there is no store.
    init(_ reader: (any SnapshotReader)?) {
        self.reader = reader
    }

    /// Takes in a run that is stored, if there is a store.
    func add(_ run: RunSummary) {
        if reader == nil { recent.add(run) }
    }

    /// Forgets runs that ended before `time`, in seconds since 1970, where there is no store; returns how many.
    func trim(before time: Double) -> Int { reader == nil ? recent.trim(before: time) : 0 }

    var source: ResultSource { reader.map(ResultSource.init) ?? recent.source }
}

extension ResultSource {
    /// The history that `reader` reads.
    fileprivate init(_ reader: any SnapshotReader) {
        self.init(
            page: { query in
                let before = try query.cursor.map { text throws(APIProblem) in
                    guard let position = RunPosition(text) else {
                        throw APIProblem(400, "the cursor is none of this history")
                    }
                    return position
                }
                let page = try await reader.runs(
                    of: query.benchmark,
                    since: query.since,
                    before: before,
                    limit: query.limit
                )
                let results = page.runs.map { StoredResult(id: "\($0.position)", run: $0.summary) }
                return ResultPage(results: results, next: page.next.map { "\($0)" })
            },
            result: { id in
                guard let position = RunPosition(id) else { return nil }
                return try await reader.run(at: position).map { StoredResult(id: id, run: $0) }
            }
        )
    }
}

/// How a history of runs is read.
struct ResultSource: Sendable {
    /// A page of runs, newest first: of one benchmark or of all, that ended at `since` or later, after the page whose
    /// `next` is `cursor`; throws an `APIProblem`.
    var page: @Sendable (ResultQuery) async throws -> ResultPage
    /// The run with that name; `nil` where there is none, or none any more.
    var result: @Sendable (String) async throws -> StoredResult?
}

/// Which runs are wanted.
struct ResultQuery: Sendable {
    /// `nil` for all.
    var benchmark: String?
    /// Seconds since 1970.
    var since: Double
    var cursor: String?
    /// At least 1.
    var limit: Int
}

/// A run of the history and its name there.
struct StoredResult: Sendable {
    var id: String
    var run: RunSummary
}

/// Part of the history.
struct ResultPage: Sendable {
    var results: [StoredResult] = []
    /// The cursor of the next page; `nil` where there is nothing more.
    var next: String?
}

/// The last runs of this process, for an exporter without a store.
final class RecentResults: Sendable {
    private static let capacity = 500

    private struct State {
        var runs: [(number: Int, run: RunSummary)] = []
        var count = 0
    }

    private let state = Mutex(State())

    func add(_ run: RunSummary) {
        state.withLock { state in
            state.count += 1
            state.runs.append((state.count, run))
            if state.runs.count > Self.capacity { state.runs.removeFirst() }
        }
    }

    func trim(before time: Double) -> Int {
        state.withLock { state in
            let count = state.runs.count
            state.runs.removeAll { $0.run.completedAt < time }
            return count - state.runs.count
        }
    }

    var source: ResultSource {
        ResultSource(
            page: { query in
                let before = try query.cursor.map { text throws(APIProblem) in
                    guard let number = Int(text) else { throw APIProblem(400, "the cursor is none of this history") }
                    return number
                }
                let found = self.state.withLock { state in
                    state.runs.reversed().filter { number, run in
                        number < before ?? .max && run.completedAt >= query.since
                            && run.benchmark == query.benchmark ?? run.benchmark
                    }
                }
                let page = found.prefix(query.limit).map { StoredResult(id: "\($0.number)", run: $0.run) }
                return ResultPage(results: page, next: found.count > page.count ? page.last?.id : nil)
            },
            result: { id in
                self.state.withLock { state in
                    state.runs.first { "\($0.number)" == id }.map { StoredResult(id: id, run: $0.run) }
                }
            }
        )
    }
}
