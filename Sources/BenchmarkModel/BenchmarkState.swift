/// Everything that is counted for one benchmark: what the recorder exposes and the store keeps, as one value.
///
/// States of a benchmark are ordered by (epoch, sequence). Within an epoch counters only grow; a new epoch begins at
/// zero.
package struct BenchmarkState: Hashable, Sendable, Codable {
    /// The name of the benchmark.
    package var benchmark: String
    /// Later epochs are greater: milliseconds since 1970 at its beginning, or one more than the last.
    package var epoch: Int64
    /// The number of changes in this epoch: runs that were recorded, and operations or histograms that began anew.
    package var sequence: Int64
    /// In the order of the benchmark's operations.
    package var operations: [OperationState]
    /// The last completed run; an aborted one does not replace it.
    package var lastRun: RunSummary?
    /// The intended start of the last run, in seconds since 1970: the phase of the schedule.
    package var lastIntendedAt: Double?
    /// What the targets had cost that the benchmark asks for tokens, by the name of the target, at its last record.
    ///
    /// `nil` where there are none.
    package var spending: [String: TokenSpending]?

    /// A state in which nothing has happened yet.
    package init(benchmark: String, operations: [OperationState], epoch: Int64) {
        self.benchmark = benchmark
        self.operations = operations
        self.epoch = epoch
        sequence = 0
    }

    /// Where the state stands in the order of all states of its benchmark.
    package var version: StateVersion {
        StateVersion(epoch: epoch, sequence: sequence)
    }

    /// The state of the operation with these labels; `nil` where there is none.
    package func operation(_ identity: BenchmarkIdentity) -> OperationState? {
        operations.first { $0.identity == identity }
    }

    /// What makes the state one that no recorder can have written, as a clause; `nil` where nothing does.
    ///
    /// A store may hand out anything. Numbers that are out of range would end the process when they are added to.
    package var defect: String? {
        if epoch < 0 || epoch >= 1 << 53 { return "epoch \(epoch) is not in 0..<2^53" }
        if sequence < 0 || sequence >= 1 << 53 { return "sequence \(sequence) is not in 0..<2^53" }
        if let defect = Self.timeDefect([lastIntendedAt]) { return defect }
        if let defect = lastRun?.defect { return defect }
        if let defect = operations.lazy.compactMap(\.defect).first { return defect }
        if let defect = spending?.values.lazy.compactMap(\.defect).first { return defect }
        return nil
    }

    /// What is wrong with the first of these seconds since 1970 that is no time, as a clause.
    static func timeDefect(_ times: [Double?]) -> String? {
        times.compactMap(\.self).first { !(0..<1e11).contains($0) }.map { "time \($0) is not a time" }
    }
}

/// The place of a state in the order of all states of its benchmark: by epoch, then by sequence.
package struct StateVersion: Hashable, Sendable, Comparable {
    package var epoch: Int64
    package var sequence: Int64

    package init(epoch: Int64, sequence: Int64) {
        self.epoch = epoch
        self.sequence = sequence
    }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.epoch, lhs.sequence) < (rhs.epoch, rhs.sequence)
    }
}
