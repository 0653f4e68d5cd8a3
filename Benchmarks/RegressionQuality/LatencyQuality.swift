import Analysis
import BenchmarkModel

/// What is measured of each simulated baseline of a shape.
private struct BaselineQuality: Sendable {
    var learningRuns = 0
    var degraded = 0
    var improved = 0
    var isTrendClaimed = false
    var isShiftCovered = false
    var doubled = 0
    var quarterMore = 0
    var tenthMore = 0
    var quarterLess = 0
    var recovery = 0
}

/// The table of false alarms and delays, a row for each shape.
struct LatencyQuality {
    static let stationaryRuns = 200
    let baselines: Int
    let iterations: Int
    let seed: UInt64

    /// Prints a row for each shape as soon as it is known.
    func report() async {
        print(
            """
            | shape | false degradations in 10,000 runs | false improvements | runs to notice 2× | +25 % | +10 % | ÷ 1.25 \
            | runs to recover from 2× | runs to learn | trends claimed, % | interval holds +25 %, % |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            """
        )
        for (index, shape) in LatencyShape.allCases.enumerated() {
            let qualities = await concurrently(baselines) { measure(shape, stream: index, baseline: $0) }
                .compactMap(\.self)
            func rate(_ path: KeyPath<BaselineQuality, Int>) -> AlarmRate {
                AlarmRate(alarms: qualities.map { $0[keyPath: path] }, runs: Self.stationaryRuns)
            }
            func delay(_ path: KeyPath<BaselineQuality, Int>) -> Delay { Delay(qualities.map { $0[keyPath: path] }) }
            func percent(_ count: Int) -> String { figure(Double(count) / Double(qualities.count) * 100) }
            let cells: [Any] = [
                shape.rawValue, rate(\.degraded), rate(\.improved), delay(\.doubled), delay(\.quarterMore),
                delay(\.tenthMore), delay(\.quarterLess), delay(\.recovery), delay(\.learningRuns),
                percent(qualities.count(where: \.isTrendClaimed)), percent(qualities.count(where: \.isShiftCovered)),
            ]
            print("| " + cells.map { "\($0)" }.joined(separator: " | ") + " |")
            if qualities.count < baselines { print("(\(baselines - qualities.count) baselines never came to rest)") }
        }
    }

    /// `nil` where no baseline is learnt.
    private func measure(_ shape: LatencyShape, stream: Int, baseline: Int) -> BaselineQuality? {
        let random = RandomSource(seed: seed, stream: stream, baseline)
        let service = SimulatedService(shape: shape, random: random)
        var benchmark = SimulatedBenchmark(service: service, iterations: iterations)
        guard benchmark.learn() else { return nil }
        var quality = BaselineQuality()
        quality.learningRuns = benchmark.runs
        var changed = benchmark
        quality.doubled = changed.delay(until: .degraded, factor: 2)
        for _ in 0..<20 { changed.run(factor: 2) }
        quality.recovery = changed.delay(until: .stable)
        changed = benchmark
        quality.quarterMore = changed.delay(until: .degraded, factor: 1.25)
        for _ in 0..<40 { changed.run(factor: 1.25) }
        let shift = RegressionDetector.finding(of: changed.state).shift
        quality.isShiftCovered = shift.map { $0.lower <= 1.25 && 1.25 <= $0.upper } ?? false
        changed = benchmark
        quality.tenthMore = changed.delay(until: .degraded, factor: 1.1)
        changed = benchmark
        quality.quarterLess = changed.delay(until: .improved, factor: 1 / 1.25)
        let alarms = benchmark.alarms(in: Self.stationaryRuns)
        quality.degraded = alarms.degraded
        quality.improved = alarms.improved
        quality.isTrendClaimed = LatencyTrend(of: benchmark.state.medians)?.isSignificant ?? false
        return quality
    }
}
