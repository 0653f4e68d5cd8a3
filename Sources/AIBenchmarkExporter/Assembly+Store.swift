import BenchmarkModel
import ExporterConfiguration
import Foundation
import Probing
import SnapshotStore

extension Assembly {
    /// The ways to the configured store.
    func storeAccess(resolver: NameResolver) -> StoreAccess {
        StoreAccess(configuration: loaded.configuration, stateDirectory: stateDirectory, resolver: resolver)
    }

    /// The writer to the configured store; `nil` where nothing is to be kept.
    func makeWriter(_ access: StoreAccess) throws(CommandFailure) -> SnapshotWriter<ContinuousClock>? {
        guard let store = access.makeStore() else { return nil }
        try makeStateDirectory()
        return SnapshotWriter(
            store: store,
            mark: PublicationMark(directory: stateDirectory, subject: access.subject),
            marksEveryCommit: !access.isAcknowledgementDurable,
            commitTimeout: loaded.configuration.store.commitTimeout,
            clock: ContinuousClock(),
            now: { WallClock.now },
            logger: logger
        )
    }

    /// The trail of management calls, which the store keeps as long as runs.
    func makeAuditTrail(_ access: StoreAccess) -> AuditTrail {
        AuditTrail(
            access.makeAuditStore(),
            retention: loaded.configuration.store.resultRetention,
            logger: logger
        )
    }

    /// The account of what targets have cost, which goes on from everything that was restored: also a state whose counters
    /// are not proved says what was spent at least.
    func makeLedger(_ restored: RestoredState?) -> BudgetLedger {
        let states = [restored?.states, restored?.unproved].flatMap { ($0 ?? [:]).values }
        return BudgetLedger(
            budgets: loaded.configuration.budgets,
            restored: states.compactMap(\.spending),
            now: { WallClock.now },
            logger: logger
        )
    }

    private func makeStateDirectory() throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(atPath: stateDirectory, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                message:
                    "ai-benchmark-exporter: make the state directory \(stateDirectory): \(error.localizedDescription)",
                status: .failure
            )
        }
    }
}
