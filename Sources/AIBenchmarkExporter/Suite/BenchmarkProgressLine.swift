import BenchmarkModel
import ExporterConfiguration

/// How far a benchmark is, as a line that is drawn at most ten times a second: it sorts all that was measured.
struct BenchmarkProgressLine {
    private static let pause = Duration.milliseconds(100)

    private let benchmark: BenchmarkDefinition
    /// That of the objective where there is one: several operations have but the duration of them all.
    private let metric: ObjectiveMetric
    private let startedAt: ContinuousClock.Instant
    private var drawnAt: ContinuousClock.Instant?
    /// Of successes, in the metric.
    private var seconds: [Double] = []
    private var finished = 0

    init(of benchmark: BenchmarkDefinition, startedAt: ContinuousClock.Instant) {
        self.benchmark = benchmark
        metric = benchmark.operations.count == 1 ? benchmark.operations[0].objective.metric : .duration
        self.startedAt = startedAt
    }

    /// A measured iteration has ended; the line to show where it is time for one.
    mutating func note(_ iteration: IterationOutcome, at instant: ContinuousClock.Instant) -> String? {
        finished += 1
        // The response time is added to an iteration after this has been told of it.
        let value = metric == .response ? iteration.duration : iteration.value(of: metric)
        if iteration.failure == nil, let value { seconds.append(value.seconds) }
        if let drawnAt, drawnAt.duration(to: instant) < Self.pause, finished < benchmark.iterations { return nil }
        drawnAt = instant
        return line(at: instant)
    }

    /// What is left is what the iterations so far have taken, on average, for each that is missing.
    private func line(at instant: ContinuousClock.Instant) -> String {
        let total = benchmark.iterations
        let elapsed = startedAt.duration(to: instant).seconds
        let left = elapsed / Double(max(1, finished)) * Double(max(0, total - finished))
        let sorted = seconds.sorted()
        let p95 = sorted.isEmpty ? "–" : SuiteText.time(NearestRank.percentile(95, ofSorted: sorted))
        let label = metric == .response ? "P95 of durations" : "P95"
        return "\(benchmark.name)  \(finished)/\(total)  \(Int(left.rounded(.up))) s left  \(label) \(p95)"
    }
}
