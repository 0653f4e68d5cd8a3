import Analysis
import BenchmarkModel
import Logging
import Probing
import Recording
import ServiceLifecycle
import SnapshotStore

/// Takes over what a store knows that did not answer at the start, when it comes back.
///
/// That is baselines, last runs, what targets have cost, and documents; counters go on as they have begun.
struct LateRestore: Service {
    /// What the store had when it was read at last.
    let snapshots: AsyncStream<StoredSnapshot>
    let recorder: Recorder
    let turns: Turns
    let ledger: BudgetLedger
    /// Stores a state.
    let commit: @Sendable (BenchmarkState) async -> Void
    /// Exposes what the recorder knows.
    let publish: @Sendable () async -> Void
    /// Takes up the documents, by name.
    let takeUp: @Sendable ([String: [UInt8]]) async -> Void
    let logger: Logger

    func run() async {
        for await snapshot in snapshots.cancelOnGracefulShutdown() {
            ledger.addEarlier(snapshot.states.values.compactMap(\.spending))
            var inheritors: [String] = []
            for state in snapshot.states.values where await inherit(state) { inheritors.append(state.benchmark) }
            await publish()
            await takeUp(snapshot.documents)
            guard !inheritors.isEmpty else { continue }
            logger.info(
                "baselines and last runs of the store are back",
                metadata: ["benchmarks": "\(inheritors.sorted())"]
            )
        }
    }

    /// Between two runs, and stored before it is exposed; whether there was anything to take over.
    private func inherit(_ earlier: BenchmarkState) async -> Bool {
        await turns.take(earlier.benchmark) {
            let state = await recorder.prepare(
                inheriting: earlier,
                finding: { RegressionDetector.finding(of: $0) },
                now: WallClock.now
            )
            guard let state else { return false }
            await commit(state)
            await recorder.adopt(state)
            return true
        }
    }
}
