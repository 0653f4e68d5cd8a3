import Analysis
import BenchmarkModel
import Recording

/// Changes baselines while benchmarks run: each between two runs, stored before it is exposed.
struct BaselineEditor: Sendable {
    let recorder: Recorder
    let turns: Turns
    /// Stores a state.
    let commit: @Sendable (BenchmarkState) async -> Void
    /// Exposes what the recorder knows.
    let publish: @Sendable () async -> Void

    /// Applies `change` to all operations of `benchmarks`, and returns the names of those that are not recorded.
    func apply(_ change: BaselineChange, to benchmarks: [String]) async -> [String] {
        var unknown: [String] = []
        for benchmark in benchmarks {
            let isKnown = await turns.take(benchmark) {
                let changed = await recorder.baselines(of: benchmark).mapValues { change.applied(to: $0) }
                let state = await recorder.prepare(changed, of: benchmark) { RegressionDetector.finding(of: $0) }
                guard let state else { return false }
                await commit(state)
                await recorder.adopt(state)
                return true
            }
            if !isKnown { unknown.append(benchmark) }
        }
        await publish()
        return unknown
    }
}
