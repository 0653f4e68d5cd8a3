import BenchmarkModel

/// How often a moving service is refused as a baseline at the first opportunity, a row for each movement.
struct ScreenQuality {
    let baselines: Int
    let iterations: Int
    let seed: UInt64

    /// Prints the table: with latencies of a lognormal shape, and of runs that wander together.
    func report() async {
        let runs = 40
        let movements: [(name: String, factor: @Sendable (Int) -> Double)] = [
            ("none", { _ in 1 }),
            ("2× from the middle on", { $0 < runs / 2 ? 1 : 2 }),
            ("+25 % from the middle on", { $0 < runs / 2 ? 1 : 1.25 }),
            ("2× from the 31st run on", { $0 < 30 ? 1 : 2 }),
            ("rising to 1.5×", { 1 + 0.5 * Double($0) / Double(runs) }),
            ("falling from 3× over 10 runs", { max(1, 3 - 0.2 * Double($0)) }),
        ]
        print(
            "| movement in the first 40 runs | lognormal, % refused | AR(1) 0.6 between runs, % refused |\n| --- | --- | --- |"
        )
        for (name, factor) in movements {
            var cells = [name]
            for shape in [LatencyShape.lognormal, .wandering] {
                let refused = await concurrently(baselines) { baseline in
                    let random = RandomSource(seed: seed, stream: 200, baseline)
                    let service = SimulatedService(shape: shape, random: random)
                    var benchmark = SimulatedBenchmark(service: service, iterations: iterations)
                    for run in 0..<runs { benchmark.run(factor: factor(run)) }
                    return benchmark.state.level == nil
                }
                cells.append(figure(Double(refused.count { $0 }) / Double(baselines) * 100))
            }
            print("| " + cells.joined(separator: " | ") + " |")
        }
    }
}
