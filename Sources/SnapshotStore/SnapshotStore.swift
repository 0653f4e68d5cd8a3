// WHAT SURVIVES A RESTART
//
// A store keeps the latest state of each benchmark and a history of runs. Three numbers say which of two states is the
// newer one:
//
//   fence     which process wrote it. Every start takes a greater number than anything in the store, normally the
//             milliseconds since 1970, and by that the store is its own: whatever comes with a lower number is refused.
//   epoch     which life of the counters. They begin at zero in a new epoch where nothing proves that what is stored is
//             what Prometheus saw last.
//   sequence  how many runs the counters hold.
//
// Stored states are ordered by (fence, epoch, sequence). The fence comes first, so a process that started without its
// store and counted in an epoch of its own wins over what it finds there later, even where a wrong clock once gave the
// stored epoch a greater number. Within one process that order is that of (epoch, sequence).
//
// Two rules, the same in SQL and in Lua, make every commit idempotent:
//   - a state replaces the stored one unless it is older;
//   - a run is appended only where the state that it led to is newer than the stored one. State and run are written
//     together, so a run that is not newer is in the history already.
//
// Beside the states there are documents: small values of the instance as a whole, each under a name. They are ordered by
// (fence, sequence), where the sequence is the writer's own count.

package import BenchmarkModel

/// What a store must do.
///
/// A store is called by one task at a time.
package protocol SnapshotStore: Sendable {
    /// Claims the instance and reads everything that is stored for it.
    ///
    /// The newest claim wins at once: commits of any process that claimed it before are refused from now on. Values that
    /// cannot be read are set aside and named in the result.
    func restore() async throws(StoreError) -> StoredSnapshot

    /// Writes states and runs in one transaction, and trims history that is older than the retention.
    ///
    /// Idempotent, so it may be repeated when its outcome is unknown. An empty batch asks whether the store is there and
    /// still ours. Throws `.fenced` when a newer process has claimed the instance, and before the first `restore`.
    func commit(_ batch: CommitBatch) async throws(StoreError) -> StoreSession

    /// Ends the connection or closes the file; nothing is asked of the store afterwards.
    func close() async
}

/// Everything that a store had for an instance when it was claimed.
package struct StoredSnapshot: Hashable, Sendable {
    /// By the name of the benchmark; checked, none has a defect.
    package var states: [String: BenchmarkState] = [:]
    /// The benchmarks whose stored state is known to be the last that the store ever acknowledged.
    ///
    /// An embedded store loses nothing; a server that restarted may have.
    package var acknowledged: Set<String> = []
    /// Values that belong to no benchmark, by name; of the right size and not nested too deep, and not checked further.
    package var documents: [String: [UInt8]] = [:]
    /// What could not be read and was set aside.
    package var refused: [RefusedValue] = []
    /// The number of this claim, not negative; greater than that of any earlier one.
    package var fence: Int64
    package var session: StoreSession
}

/// A stretch of time over which a store has certainly kept what it acknowledged.
///
/// A new one begins with a new connection, with an emptied server and with a new database file. Whoever sees it change
/// commits all states again.
package struct StoreSession: Hashable, Sendable {
    package var number: Int
}

/// A stored value that is none of ours, or no longer.
package struct RefusedValue: Hashable, Sendable {
    /// The benchmark, document, key or file.
    package var subject: String
    /// What is wrong with it, as a clause.
    package var reason: String

    /// How a document is named among benchmarks.
    static func subject(ofDocument name: String) -> String { "document \(name)" }
}

/// What one transaction writes.
package struct CommitBatch: Hashable, Sendable {
    /// At most one of a benchmark.
    package var states: [BenchmarkState] = []
    /// In the order in which they ended; for every benchmark here there is its state.
    package var runs: [VersionedRun] = []
    /// At most one of a name.
    package var documents: [VersionedDocument] = []

    package init(
        states: [BenchmarkState] = [],
        runs: [VersionedRun] = [],
        documents: [VersionedDocument] = []
    ) {
        self.states = states
        self.runs = runs
        self.documents = documents
    }
}

/// A value that belongs to no benchmark, and its place among all of its name that one process has written.
package struct VersionedDocument: Hashable, Sendable {
    package var name: String
    /// 0..<2^53.
    package var sequence: Int64
    /// At most `StoredValue.maximumSize` bytes of JSON, with the version of its format in it.
    package var value: [UInt8]
}

/// A run of the history, with the version of the state that it led to.
package struct VersionedRun: Hashable, Sendable {
    package var version: StateVersion
    package var summary: RunSummary
}

/// The place of a stored state among all that were ever stored for its benchmark.
struct StoredOrder: Comparable {
    var fence: Int64
    var version: StateVersion

    static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.fence, lhs.version) < (rhs.fence, rhs.version)
    }
}
