import Analysis
import BenchmarkModel
import Recording

/// Changes baselines while benchmarks run: each between two runs, stored before it is exposed.
struct BaselineEditor: Sendable {
    let recorder: Recorder
    let turns: Turns
    /// Stores a state; whether that is durable.
    let commit: @Sendable (BenchmarkState) async throws(APIProblem) -> Bool
    /// Exposes what the recorder knows.
    let publish: @Sendable () async -> Void
    /// The benchmarks that are reset.
    let resets: BaselineResets

    /// What became of a change.
    struct Outcome: Hashable, Sendable {
        /// The names of benchmarks that are not recorded.
        var unknown: [String] = []
        /// What has become of the others' baselines.
        var baselines: [ChangedBaseline] = []
        /// Whether everything is stored that was changed.
        var isDurable = true
    }

    /// Applies `change` to all operations of `benchmarks`; throws where a state can be stored no more, which is not exposed then.
    func apply(_ change: BaselineChange, to benchmarks: [String]) async throws(APIProblem) -> Outcome {
        var outcome = Outcome()
        for benchmark in benchmarks {
            let result = await turns.take(benchmark) {
                () async -> Result<(isDurable: Bool, baselines: [ChangedBaseline])?, APIProblem> in
                let earlier = await recorder.baselines(of: benchmark)
                let changed = earlier.mapValues { change.applied(to: $0) }
                let state = await recorder.prepare(changed, of: benchmark) { RegressionDetector.finding(of: $0) }
                guard let state else { return .success(nil) }
                do throws(APIProblem) {
                    let isDurable = try await commit(state)
                    await recorder.adopt(state)
                    if change == .reset { resets.note(benchmark) }
                    return .success((isDurable, state.changedBaselines(from: earlier)))
                } catch {
                    return .failure(error)
                }
            }
            guard let changed = try result.get() else {
                outcome.unknown.append(benchmark)
                continue
            }
            outcome.baselines += changed.baselines
            if !changed.isDurable { outcome.isDurable = false }
        }
        await publish()
        return outcome
    }
}
