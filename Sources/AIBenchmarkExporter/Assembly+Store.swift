import BenchmarkModel
import ExporterConfiguration
import Foundation
import NIOPosix
import Probing
import RedisClient
import SnapshotStore

extension Assembly {
    /// The writer to the configured store; `nil` where nothing is to be kept.
    func makeWriter(resolver: NameResolver) throws(CommandFailure) -> SnapshotWriter<ContinuousClock>? {
        let configuration = loaded.configuration
        let definition = configuration.store
        let store: any SnapshotStore
        let subject: String
        let isAcknowledgementDurable: Bool
        switch definition.location {
        case .none: return nil
        case .sqlite(let path):
            let path = path.hasPrefix("/") ? path : "\(stateDirectory)/\(path)"
            try makeStateDirectory()
            store = SQLiteSnapshotStore(path: path, retention: definition.resultRetention, now: { WallClock.now })
            // Not the instance: the counters are those of the file, also when the host has another name.
            subject = URL(fileURLWithPath: path).lastPathComponent
            isAcknowledgementDurable = true
        case .redis(let endpoint):
            try makeStateDirectory()
            store = RedisSnapshotStore(
                address: RedisAddress(endpoint),
                instance: configuration.instance,
                retention: definition.resultRetention,
                lookup: { try await resolver.resolve(host: $0, port: $1, deadline: $2) },
                eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
                now: { WallClock.now }
            )
            subject = configuration.instance
            isAcknowledgementDurable = false
        }
        return SnapshotWriter(
            store: store,
            mark: PublicationMark(directory: stateDirectory, subject: subject),
            marksEveryCommit: !isAcknowledgementDurable,
            commitTimeout: definition.commitTimeout,
            clock: ContinuousClock(),
            now: { WallClock.now },
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
