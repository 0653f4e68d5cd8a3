import BenchmarkModel
import ExporterConfiguration

/// How far a benchmark is, as the rest of a line that begins with its name.
///
/// It is drawn at most ten times a second: it sorts all that was measured.
struct BenchmarkProgressLine {
    private static let pause = Duration.milliseconds(100)

    private let benchmark: BenchmarkDefinition
    /// That of the objective where there is one: several operations have but the duration of them all.
    private let metric: ObjectiveMetric
    /// When the first measured iteration began: the warm-up says nothing about what is left.
    private var startedAt: ContinuousClock.Instant?
    private var drawnAt: ContinuousClock.Instant?
    /// Of successes, in the metric.
    private var seconds: [Double] = []
    private var finished = 0

    /// Of the benchmark.
    var name: String { benchmark.name }

    init(of benchmark: BenchmarkDefinition) {
        self.benchmark = benchmark
        metric = benchmark.operations.count == 1 ? benchmark.operations[0].objective.metric : .duration
    }

    /// A measured iteration has ended; the text to show where it is time for one.
    mutating func note(_ iteration: IterationOutcome, at instant: ContinuousClock.Instant) -> String? {
        let startedAt = startedAt ?? instant - iteration.duration
        self.startedAt = startedAt
        finished += 1
        // The response time is added to an iteration after this has been told of it.
        let value = metric == .response ? iteration.duration : iteration.value(of: metric)
        if iteration.failure == nil, let value { seconds.append(value.seconds) }
        if let drawnAt, drawnAt.duration(to: instant) < Self.pause, finished < benchmark.iterations { return nil }
        drawnAt = instant
        return line(after: startedAt.duration(to: instant))
    }

    /// What is left is what the iterations so far have taken, on average, for each that is missing.
    private func line(after elapsed: Duration) -> String {
        let total = benchmark.iterations
        let left = elapsed.seconds / Double(max(1, finished)) * Double(max(0, total - finished))
        let sorted = seconds.sorted()
        let p95 = sorted.isEmpty ? "–" : SuiteText.time(NearestRank.percentile(95, ofSorted: sorted))
        let label = metric == .response ? "P95 of durations" : "P95"
        return "\(finished)/\(total)  \(Int(left.rounded(.up))) s left  \(label) \(p95)"
    }
}
