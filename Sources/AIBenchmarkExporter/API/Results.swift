import BenchmarkModel
import SnapshotStore
import Synchronization

/// The history of runs: that of the store, or what this process remembers where there is none.
struct Results: Sendable {
    /// Reads the history, whichever it is.
    let reader: any SnapshotReader
    /// `nil` where there is a store.
    private let recent: RecentResults?

    /// The history that `stored` reads; `nil` where there is no store.
    init(_ stored: (any SnapshotReader)?) {
        if let stored {
            (reader, recent) = (stored, nil)
        } else {
            let recent = RecentResults()
            (reader, self.recent) = (recent, recent)
        }
    }

    /// Takes in a run that is stored, if there is a store.
    func add(_ run: RunSummary) { recent?.add(run) }

    /// Forgets runs that ended before `time`, in seconds since 1970, where there is no store; returns how many.
    func trim(before time: Double) -> Int { recent?.trim(before: time) ?? 0 }
}

/// The last runs of this process, for an exporter without a store.
private final class RecentResults: SnapshotReader {
    private static let capacity = 500

    private struct State {
        /// Oldest first; their positions are the numbers in which they came.
        var runs: [StoredRunSummary] = []
        var count: UInt64 = 0
    }

    private let state = Mutex(State())

    func add(_ run: RunSummary) {
        state.withLock { state in
            state.count += 1
            let position = RunPosition(major: state.count, minor: 0)
            state.runs.append(StoredRunSummary(position: position, summary: run))
            if state.runs.count > Self.capacity { state.runs.removeFirst() }
        }
    }

    func trim(before time: Double) -> Int {
        state.withLock { state in
            let count = state.runs.count
            state.runs.removeAll { $0.summary.completedAt < time }
            return count - state.runs.count
        }
    }

    func runs(_ query: RunQuery) async throws(StoreError) -> RunPage {
        let found = state.withLock { state in
            state.runs.reversed().filter { run in
                query.before.map { run.position < $0 } ?? true && run.summary.completedAt >= query.since
                    && run.summary.benchmark == query.benchmark ?? run.summary.benchmark
            }
        }
        var page = RunPage()
        page.runs = Array(found.prefix(query.limit))
        page.next = found.count > page.runs.count ? page.runs.last?.position : nil
        return page
    }

    /// No state is stored.
    func states() async throws(StoreError) -> StoredStates { StoredStates() }
}
