import BenchmarkModel

/// The table of false alarms and delays of the failure chart, a row for each usual share of failures.
struct FailureQuality {
    let baselines: Int
    let iterations: Int
    let seed: UInt64

    /// Prints the table.
    func report() async {
        print(
            """
            | usual share of failures | false alarms in 10,000 runs | runs to notice 10 % more | half failing | all failing \
            | runs to recover from half |
            | --- | --- | --- | --- | --- | --- |
            """
        )
        for (index, share) in [0, 0.01, 0.05, 0.2].enumerated() {
            let results = await concurrently(baselines) { measure(share, stream: index, baseline: $0) }
            let runs = LatencyQuality.stationaryRuns
            let cells: [Any] = [
                "\(figure(share * 100)) %", AlarmRate(alarms: results.map(\.alarms), runs: runs),
                Delay(results.map(\.tenth)), Delay(results.map(\.half)), Delay(results.map(\.all)),
                Delay(results.map(\.recovery)),
            ]
            print("| " + cells.map { "\($0)" }.joined(separator: " | ") + " |")
        }
    }

    private struct Result: Sendable {
        var alarms: Int
        var tenth: Int
        var half: Int
        var all: Int
        var recovery: Int
    }

    private func measure(_ share: Double, stream: Int, baseline: Int) -> Result {
        let random = RandomSource(seed: seed, stream: 100 + stream, baseline)
        let service = SimulatedService(shape: .lognormal, random: random)
        var benchmark = SimulatedBenchmark(service: service, iterations: iterations)
        _ = benchmark.learn(failing: share)
        var (tenth, half, all, quiet) = (benchmark, benchmark, benchmark, benchmark)
        let delay = half.delay(until: .degraded, failing: 0.5)
        for _ in 0..<20 { half.run(failing: 0.5) }
        return Result(
            alarms: quiet.failureAlarms(in: LatencyQuality.stationaryRuns, failing: share),
            tenth: tenth.delay(until: .degraded, failing: share + 0.1),
            half: delay,
            all: all.delay(until: .degraded, failing: 1),
            recovery: half.delay(until: .stable, failing: share)
        )
    }
}
