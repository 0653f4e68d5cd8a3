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
    let resets: BaselineResets
    /// Stores a state.
    let commit: @Sendable (BenchmarkState) async -> Void
    /// Exposes what the recorder knows.
    let publish: @Sendable () async -> Void
    /// What a document says that targets have cost, by the name of the target.
    let spending: @Sendable ([String: [UInt8]]) async -> [String: TokenSpending]
    /// Takes up the documents, by name.
    let takeUp: @Sendable ([String: [UInt8]]) async -> Void
    let logger: Logger

    func run() async {
        for await snapshot in snapshots.cancelOnGracefulShutdown() {
            let spending = await spending(snapshot.documents)
            ledger.addEarlier(snapshot.states.values.compactMap(\.spending) + [spending])
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
            let isReset = resets.contains(earlier.benchmark)
            let earlier = isReset ? earlier.withoutBaselines : earlier
            var state = await recorder.prepare(
                inheriting: earlier,
                finding: { RegressionDetector.finding(of: $0) },
                now: WallClock.now
            )
            // The writer knows of no reset: what it has taken over is replaced.
            if state == nil, isReset {
                state = await recorder.prepare([:], of: earlier.benchmark) { RegressionDetector.finding(of: $0) }
            }
            guard let state else { return false }
            await commit(state)
            await recorder.adopt(state)
            return true
        }
    }
}

extension BenchmarkState {
    fileprivate var withoutBaselines: Self {
        var state = self
        for index in state.operations.indices { state.operations[index].baseline = nil }
        for index in state.lastRun?.operations.indices ?? 0..<0 { state.lastRun?.operations[index].finding = nil }
        return state
    }
}
