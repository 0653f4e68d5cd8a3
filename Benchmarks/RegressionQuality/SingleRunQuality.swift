import Analysis
import BenchmarkModel
import Glibc

/// How often one run that is like all others seems to be another, as `run` judges it.
///
/// Against the baseline of 40 runs of ten, and against one earlier run. A row for each number of iterations, a column for each
/// part of the variance that a run shares.
struct SingleRunQuality {
    private static let confidence = 0.999
    private static let shares = [0, 0.1, 0.3]
    private static let runsOfBaseline = 50
    private static let pairs = 4000
    let baselines: Int
    let seed: UInt64

    /// Prints both tables, in 1,000 comparisons, for lognormal latencies with σ = 0.4.
    func report() async {
        print("Outside of the limits of a baseline:")
        await table([10, 30, 60], of: baselines * Self.runsOfBaseline) { iterations, share in
            await concurrently(baselines) { outside(iterations, share, baseline: $0) }.reduce(0, +)
        }
        print("Worse or better than one earlier run:")
        await table([10, 20, 60], of: Self.pairs) { iterations, share in
            await concurrently(Self.pairs) { isChanged(iterations, share, pair: $0) ? 1 : 0 }.reduce(0, +)
        }
    }

    private func table(_ iterations: [Int], of count: Int, _ found: (Int, Double) async -> Int) async {
        print("| iterations | ρ = 0 | 0.1 | 0.3 |\n| --- | --- | --- | --- |")
        for iterations in iterations {
            var cells = ["\(iterations)"]
            for share in Self.shares {
                cells.append(figure(Double(await found(iterations, share)) / Double(count) * 1000))
            }
            print("| " + cells.joined(separator: " | ") + " |")
        }
    }

    private func outside(_ iterations: Int, _ share: Double, baseline: Int) -> Int {
        var random = RandomSource(seed: seed, stream: 500, iterations, Int(share * 10), baseline)
        var state = BaselineState(fingerprint: "")
        var runs = 0
        while state.level == nil || state.runs.count < RegressionDetector.baselineRuns, runs < 400 {
            let run = Self.run(10, share, &random)
            runs += 1
            RegressionDetector.record(successes: run, failures: 0, at: 1.7e9 + Double(runs) * 300, in: &state)
        }
        guard let level = state.levelForOneRun else { return 0 }
        return (0..<Self.runsOfBaseline).count { _ in
            ShiftRatio(of: Self.run(iterations, share, &random), to: level, confidence: Self.confidence)?.excludesOne
                ?? false
        }
    }

    private func isChanged(_ iterations: Int, _ share: Double, pair: Int) -> Bool {
        var random = RandomSource(seed: seed, stream: 600, iterations, Int(share * 10), pair)
        let earlier = BaselineLevel(
            values: Self.run(iterations, share, &random).sorted(),
            deviation: 1,
            runs: 1,
            successes: iterations,
            failures: 0,
            startedAt: 0,
            completedAt: 0
        )
        let shift = ShiftRatio(of: Self.run(iterations, share, &random), to: earlier, confidence: Self.confidence)
        return shift.map { $0.excludesOne && $0.isLarge } ?? false
    }

    /// The latencies of a run, which share a part of the variance of their logarithms.
    private static func run(_ iterations: Int, _ share: Double, _ random: inout RandomSource) -> [Double] {
        let common = share.squareRoot() * random.normal()
        return (0..<iterations).map { _ in
            0.1 * exp(0.4 * (common + (1 - share).squareRoot() * random.normal()))
        }
    }
}

extension ShiftRatio {
    fileprivate var excludesOne: Bool { lower > 1 || upper < 1 }
}
