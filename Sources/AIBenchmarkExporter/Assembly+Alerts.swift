import Alerting
import BenchmarkModel
import ExporterConfiguration
import Logging
import Probing
import Recording
import SnapshotStore

extension Assembly {
    /// The name of the document that the alerts of the process are remembered in.
    private static let memoryName = "alerts"

    /// The alerts of the process, which go on from what the store remembers of them.
    func makeAlerts(
        board: AlertBoard,
        recorder: Recorder,
        ledger: BudgetLedger,
        writer: SnapshotWriter<ContinuousClock>?,
        restored: RestoredState?,
        override: ContinuousOverride
    ) async -> AlertEvaluation<ContinuousClock> {
        AlertEvaluation(
            override.applied(to: loaded.configuration),
            unscheduled: override.unscheduled(loaded.configuration.benchmarks),
            memory: await alertMemory(in: restored?.documents ?? [:], writer),
            surroundings: AlertEvaluation.Surroundings(
                isStoreUp: { writer?.status.isUp },
                undurableRuns: { writer?.status.undurableRuns ?? 0 },
                isSpent: { ledger.remainingTokens(of: $0) == 0 },
                states: { await recorder.exposedStates() },
                remember: { [logger] memory in
                    do {
                        await writer?.commit(document: try memory.document(), named: Self.memoryName)
                    } catch {
                        logger.error("alerts cannot be stored", metadata: ["reason": "\(error)"])
                    }
                }
            ),
            board: board,
            clock: ContinuousClock(),
            wallClock: { WallClock.now },
            logger: logger
        )
    }

    /// What `documents` remember of the alerts; nothing where that cannot be read, which is then set aside.
    func alertMemory(
        in documents: [String: [UInt8]],
        _ writer: SnapshotWriter<ContinuousClock>?
    ) async -> AlertMemory {
        await read(Self.memoryName, of: documents, writer, AlertMemory.init(document:)) ?? AlertMemory()
    }
}

extension AlertEvaluation {
    /// Watches what is in force from now on.
    func adopt(_ live: LiveConfiguration) async {
        adopt(await live.inForce, unscheduled: await live.unscheduled)
    }
}
