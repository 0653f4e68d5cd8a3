import BenchmarkModel
import Glibc

/// What a daily swing of latencies does to a detector that knows no time of day, a row for each interval and swing.
struct CycleQuality {
    private static let days = 7
    let baselines: Int
    let iterations: Int
    let seed: UInt64

    /// Prints the table, for lognormal latencies and a sine of one day.
    func report() async {
        print("| interval | swing | days with a new degradation, % | runs to learn |\n| --- | --- | --- | --- |")
        for (interval, runsPerDay) in [("30 min", 48), ("5 min", 288)] {
            for swing in [0, 0.1, 0.2, 0.4] {
                let results = await concurrently(baselines) { measure(swing, runsPerDay: runsPerDay, baseline: $0) }
                let days = Double(results.count * Self.days)
                let share = Double(results.reduce(0) { $0 + $1.alarmedDays }) / days
                let cells: [Any] = [
                    interval, "± \(figure(swing * 100)) %", figure(share * 100), Delay(results.map(\.learningRuns)),
                ]
                print("| " + cells.map { "\($0)" }.joined(separator: " | ") + " |")
            }
        }
    }

    private func measure(_ swing: Double, runsPerDay: Int, baseline: Int) -> (alarmedDays: Int, learningRuns: Int) {
        let random = RandomSource(seed: seed, stream: 400 + runsPerDay, baseline)
        let service = SimulatedService(shape: .lognormal, random: random)
        var benchmark = SimulatedBenchmark(service: service, iterations: iterations)
        // Each baseline begins at its own time of day.
        func factor() -> Double {
            1 + swing * sin(2 * .pi * Double(benchmark.runs + baseline) / Double(runsPerDay))
        }
        while benchmark.state.level == nil, benchmark.runs < 2000 { benchmark.run(factor: factor()) }
        let learningRuns = benchmark.runs
        let alarmedDays = (0..<Self.days).count { _ in
            var isAlarmed = false
            for _ in 0..<runsPerDay {
                let before = benchmark.state.state
                benchmark.run(factor: factor())
                if benchmark.state.state == .degraded, before != .degraded { isAlarmed = true }
            }
            return isAlarmed
        }
        return (alarmedDays, learningRuns)
    }
}
