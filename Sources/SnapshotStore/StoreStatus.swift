/// What is asked of a store; the raw value is the label `operation`.
package enum StoreOperation: String, Hashable, Sendable {
    case restore, commit
    /// Done beside the writer, so its status does not count it.
    case read, lock

    /// What a writer does.
    package static let written: [Self] = [.restore, .commit]
}

/// What became of it; the raw value is the label `outcome`.
package enum StoreOutcome: String, Hashable, Sendable, CaseIterable {
    case success, failure, timeout, fenced
}

/// How the store is doing, as the exporter's own metrics show it.
package struct StoreStatus: Hashable, Sendable {
    /// Whether the last operation succeeded; false before the first.
    package var isUp = false
    /// Whether a newer process owns the instance, so that this one writes no longer.
    package var isFenced = false
    /// Every operation of a writer and every outcome has an entry.
    package var operations: [StoreOperation: [StoreOutcome: UInt64]]
    /// When states were last stored, in seconds since 1970; `nil` before the first time.
    package var lastSuccessAt: Double?
    /// Runs that were published and are not stored yet.
    package var undurableRuns = 0

    package init() {
        let none = Dictionary(uniqueKeysWithValues: StoreOutcome.allCases.map { ($0, UInt64(0)) })
        operations = Dictionary(uniqueKeysWithValues: StoreOperation.written.map { ($0, none) })
    }
}
