import Analysis
import BenchmarkModel
import Glibc

/// What a daily swing of latencies does to one baseline for the whole day, and to one for each of several parts of it: a row for
/// each interval, number of parts and swing.
struct CycleQuality {
    private static let days = 7
    /// Runs after which learning is given up, and after which a change is taken for unseen.
    private static let limit = 5000
    let baselines: Int
    let iterations: Int
    let seed: UInt64

    private struct Result {
        var alarmedDays: Int
        var learningRuns: Int
        var delay: Int
    }

    /// Prints the table, for lognormal latencies and a sine of one day.
    func report() async {
        print("| interval | parts | swing | days with a new degradation, % | runs to learn | runs until 2× |")
        print("| --- | --- | --- | --- | --- | --- |")
        for (interval, runsPerDay) in [("30 min", 48), ("5 min", 288)] {
            for parts in [1, 6, 24] {
                for swing in [0, 0.1, 0.2, 0.4] {
                    let results = await concurrently(baselines) {
                        measure(swing, runsPerDay: runsPerDay, parts: parts, baseline: $0)
                    }
                    let alarmed = results.reduce(0) { $0 + $1.alarmedDays }
                    let cells: [Any] = [
                        interval, parts, "± \(figure(swing * 100)) %",
                        figure(Double(alarmed) / Double(results.count * Self.days) * 100),
                        Delay(results.map(\.learningRuns)), Delay(results.map(\.delay)),
                    ]
                    print("| " + cells.map { "\($0)" }.joined(separator: " | ") + " |")
                }
            }
        }
    }

    private func measure(_ swing: Double, runsPerDay: Int, parts: Int, baseline: Int) -> Result {
        let random = RandomSource(seed: seed, stream: 400 + runsPerDay, baseline)
        var service = SimulatedService(shape: .lognormal, random: random)
        var state = DailyBaseline(fingerprint: "", parts: parts)
        var runs = 0
        /// Whether the run begins a degradation of its part of the day, and whether that is degraded then.
        func run(slowedBy change: Double = 1) -> (begins: Bool, isDegraded: Bool) {
            // Each baseline begins at its own time of day.
            let day = Double(runs) / Double(runsPerDay) + Double(baseline) / Double(baselines)
            let time = 1_700_006_400 + day * 86_400
            let before = state[time].state
            RegressionDetector.record(
                successes: service.run(iterations: iterations, factor: change * (1 + swing * sin(2 * .pi * day))),
                failures: 0,
                at: time,
                in: &state[time]
            )
            runs += 1
            let isDegraded = state[time].state == .degraded
            return (isDegraded && before != .degraded, isDegraded)
        }
        while state.parts.contains(where: { $0.level == nil }), runs < Self.limit { _ = run() }
        let learningRuns = runs
        let alarmedDays = (0..<Self.days).count { _ in
            (0..<runsPerDay).reduce(false) { isAlarmed, _ in run().begins || isAlarmed }
        }
        let delay = (1...Self.limit).first { _ in run(slowedBy: 2).isDegraded } ?? Self.limit
        return Result(alarmedDays: alarmedDays, learningRuns: learningRuns, delay: delay)
    }
}
