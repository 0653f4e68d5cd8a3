// READING WHAT IS STORED
//
// A reader stands beside whoever writes: it has a connection of its own for each call, claims nothing, sets nothing aside
// and writes nothing. So a long answer never keeps a run from being committed, and the command line can look into the
// store of a living process. What it cannot read it leaves out, and says how much that was.

package import BenchmarkModel

/// What can be read from a store without owning it.
package protocol SnapshotReader: Sendable {
    /// One page of the history, newest first.
    func runs(_ query: RunQuery) async throws(StoreError) -> RunPage

    /// The latest state of each benchmark.
    func states() async throws(StoreError) -> StoredStates
}

extension SnapshotReader {
    /// Runs that ended at or after `since`, in seconds since 1970, newest first: of one benchmark, or of all.
    ///
    /// With `before`, the page after the one that had it as its `next`. At most `limit` runs, and never more than
    /// `RunQuery.largestLimit`; a page may have fewer although there are more, so whoever wants all follows `next`.
    package func runs(
        of benchmark: String?,
        since: Double,
        before: RunPosition? = nil,
        limit: Int
    ) async throws(StoreError) -> RunPage {
        try await runs(RunQuery(benchmark: benchmark, since: since, before: before, limit: limit))
    }

    /// The run at `position`; `nil` where there is none, or none any more.
    package func run(at position: RunPosition) async throws(StoreError) -> RunSummary? {
        let before = RunPosition(major: position.major, minor: position.minor &+ 1)
        let page = try await runs(of: nil, since: 0, before: before, limit: 1)
        return page.runs.first.flatMap { $0.position == position ? $0.summary : nil }
    }
}

/// Which runs of the history are wanted.
package struct RunQuery: Hashable, Sendable {
    /// The most runs of one page.
    package static let largestLimit = 1_000
    /// A page ends when its values have more bytes than this.
    static let pageBytes = 8 << 20

    /// `nil` for those of all benchmarks.
    package var benchmark: String?
    /// The earliest end, in seconds since 1970.
    package var since: Double
    /// Only runs that come after this one, where the newest is the first.
    package var before: RunPosition?
    /// 1...1,000.
    package let limit: Int

    /// A query; a `limit` beyond its range is brought into it.
    package init(benchmark: String?, since: Double, before: RunPosition? = nil, limit: Int) {
        self.benchmark = benchmark
        self.since = since
        self.before = before
        self.limit = min(max(1, limit), Self.largestLimit)
    }
}

/// Where a run stands in the history of its store; its text is `1a2b-3c`.
///
/// It stays as it is for as long as the run is kept, so it also serves as the name of a run.
package struct RunPosition: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// In SQLite the bits of the time of its end, in Redis the milliseconds of its entry; without a store a number.
    var major: UInt64
    /// Tells runs apart that have the same `major`.
    var minor: UInt64

    /// The position with these numbers, of a history that counts its runs itself.
    package init(major: UInt64, minor: UInt64) {
        self.major = major
        self.minor = minor
    }

    /// The position with this text; `nil` for a text that is none.
    package init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.first != UInt8(ascii: "+") }),
            let major = UInt64(parts[0], radix: 16), let minor = UInt64(parts[1], radix: 16)
        else { return nil }
        self.init(major: major, minor: minor)
    }

    /// Whether `one` is older.
    package static func < (one: Self, other: Self) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    package var description: String { "\(String(major, radix: 16))-\(String(minor, radix: 16))" }
}

/// A run of the history.
package struct StoredRunSummary: Hashable, Sendable {
    package var position: RunPosition
    package var summary: RunSummary

    package init(position: RunPosition, summary: RunSummary) {
        self.position = position
        self.summary = summary
    }
}

/// Part of the history.
package struct RunPage: Hashable, Sendable {
    /// Newest first.
    package var runs: [StoredRunSummary] = []
    /// How many values of this part could not be read and were left out.
    package var unreadable = 0
    /// The `before` of the next page; `nil` where there is nothing more.
    package var next: RunPosition?

    package init() {}
}

/// What a reader found of the states.
package struct StoredStates: Hashable, Sendable {
    /// By the name of the benchmark; checked, none has a defect.
    package var states: [String: BenchmarkState] = [:]
    /// What could not be read; it was left where it is.
    package var refused: [RefusedValue] = []

    package init(states: [String: BenchmarkState] = [:]) {
        self.states = states
    }
}

extension RunPage {
    /// Adds what is stored at `position`; `nil` stands for a value that is too long to be read.
    mutating func add(_ value: [UInt8]?, at position: RunPosition, for query: RunQuery) {
        guard let value, case .success(let run) = StoredValue.decodeRun(value) else {
            unreadable += 1
            return
        }
        guard run.completedAt >= query.since, query.benchmark.map({ $0 == run.benchmark }) ?? true else { return }
        runs.append(StoredRunSummary(position: position, summary: run))
    }
}
