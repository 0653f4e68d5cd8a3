import Glibc

// HOW GOOD THE REGRESSION DETECTOR IS
//
// Simulated services of known shape, so that it is known what is a false alarm and when a change began. Every figure in
// docs/regression.md comes from here, or from compare-otava.py on series that are written here.

/// The command: what to measure, how many baselines, how many iterations a run.
@main struct RegressionQuality {
    private static let seed: UInt64 = 20_240_229

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.dropFirst().compactMap { Int($0) }
        let baselines = max(2, numbers.first ?? 200)
        let iterations = max(1, numbers.dropFirst().first ?? 10)
        switch arguments.first {
        case "latency":
            await LatencyQuality(baselines: baselines, iterations: iterations, seed: seed).report()
        case "failures":
            await FailureQuality(baselines: baselines, iterations: iterations, seed: seed).report()
        case "screen":
            await ScreenQuality(baselines: baselines, iterations: iterations, seed: seed).report()
        case "cycle":
            await CycleQuality(baselines: baselines, iterations: iterations, seed: seed).report()
        case "single":
            await SingleRunQuality(baselines: baselines, seed: seed).report()
        case "series":
            await ComparedSeries(baselines: baselines, iterations: iterations, seed: seed).report()
        default:
            print("usage: regression-quality latency|failures|screen|cycle|single|series [BASELINES [ITERATIONS]]")
            exit(2)
        }
    }
}
