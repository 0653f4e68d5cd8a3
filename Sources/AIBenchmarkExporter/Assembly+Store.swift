import BenchmarkModel
import ExporterConfiguration
import Foundation
import Logging
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

    /// The lock on a store of this machine; `nil` for another store, and where it cannot be had, which is no reason not to
    /// probe.
    func lockStore(_ access: StoreAccess) async -> StoreLock? {
        guard let path = access.lockPath else { return nil }
        do throws(StoreError) {
            return try await StoreLock.shared(path)
        } catch {
            logger.warning(
                "the store has no lock, so that 'baseline accept' and 'reset' without --via do not see that it is in use",
                metadata: ["reason": "\(error)"]
            )
            return nil
        }
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
    func makeLedger(_ restored: RestoredState?, _ writer: SnapshotWriter<ContinuousClock>?) async -> BudgetLedger {
        let spending = await storedSpending(in: restored?.documents ?? [:], writer)
        let states = [restored?.states, restored?.unproved].flatMap { ($0 ?? [:]).values }
        return BudgetLedger(
            budgets: loaded.configuration.budgets,
            restored: states.compactMap(\.spending) + [spending],
            now: { WallClock.now },
            logger: logger
        )
    }

    /// What `documents` say that targets have cost, by the name of the target.
    func storedSpending(
        in documents: [String: [UInt8]],
        _ writer: SnapshotWriter<ContinuousClock>?
    ) async -> [String: TokenSpending] {
        await read(SpendingDocument.name, of: documents, writer, SpendingDocument.init(document:))?.accounts ?? [:]
    }

    /// The schedule that the API was told, as `documents` have it; `nil` where nobody has ever said anything.
    func storedOverride(
        in documents: [String: [UInt8]],
        _ writer: SnapshotWriter<ContinuousClock>?
    ) async -> ContinuousOverride? {
        await read(ContinuousOverride.documentName, of: documents, writer, ContinuousOverride.init(document:))
    }

    /// What the document of that name is to `read`; `nil` where there is none, or none that can be read, which is then set aside.
    func read<Value>(
        _ name: String,
        of documents: [String: [UInt8]],
        _ writer: SnapshotWriter<ContinuousClock>?,
        _ read: ([UInt8]) throws -> Value
    ) async -> Value? {
        guard let document = documents[name] else { return nil }
        do {
            return try read(document)
        } catch {
            let place = "\(name).refused"
            logger.warning(
                "a stored document is refused and set aside",
                metadata: ["document": "\(place)", "reason": "\(error)"]
            )
            await writer?.commit(document: document, named: place)
            return nil
        }
    }

    /// Whether what the API was told is stored, now that it is committed; throws where it never will be.
    static func isDurable(
        _ result: CommitResult?,
        _ writer: SnapshotWriter<ContinuousClock>?
    ) throws(APIProblem) -> Bool {
        if writer?.status.isFenced == true {
            throw APIProblem(503, "another process of this instance has taken over the store: nothing was changed")
        }
        return result == .durable
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
