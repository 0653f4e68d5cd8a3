import Analysis
import BenchmarkModel

/// Series for compare-otava.py, with what the detector made of them: one JSON object a line.
///
/// Each begins with the runs that it takes to learn a baseline, mostly 40. Then come 40 runs with or without a change, or
/// 200 without one for the false alarms. `evidence` is the greatest for a degradation that there was, in nats.
struct ComparedSeries {
    let baselines: Int
    let iterations: Int
    let seed: UInt64

    /// Prints all series, shape by shape.
    func report() async {
        for (index, shape) in LatencyShape.allCases.enumerated() {
            for (runs, factor) in [(40, 1.0), (40, 1.1), (40, 1.25), (40, 2), (200, 1)] {
                let stream = factor == 1 ? runs : Int(factor * 1000)
                let lines = await concurrently(baselines) { baseline in
                    let random = RandomSource(seed: seed, stream: 300 + index, stream, baseline)
                    return line(SimulatedService(shape: shape, random: random), runs: runs, factor: factor)
                }
                for line in lines { print(line) }
            }
        }
    }

    private func line(_ service: SimulatedService, runs: Int, factor: Double) -> String {
        var service = service
        var state = BaselineState(fingerprint: "")
        var medians: [Double] = []
        var means: [Double] = []
        var evidence = 0.0
        var alarms = 0
        var left = runs
        while left > 0, medians.count < 400 {
            let latencies = service.run(iterations: iterations, factor: state.level == nil ? 1 : factor)
            medians.append(NearestRank.percentile(50, ofSorted: latencies.sorted()))
            means.append(latencies.reduce(0, +) / Double(iterations))
            left -= state.level == nil ? 0 : 1
            let before = state.state
            RegressionDetector.record(
                successes: latencies,
                failures: 0,
                at: Double(medians.count) * 300,
                in: &state
            )
            let isNew = state.state == .degraded && before != .degraded
            evidence = max(evidence, isNew ? 10 : state.latency.rising.nats)
            alarms += isNew ? 1 : 0
        }
        return """
            {"shape": "\(service.shape.rawValue)", "factor": \(factor), "runs": \(runs), "evidence": \(evidence), \
            "alarms": \(alarms), "medians": \(medians), "means": \(means)}
            """
    }
}
