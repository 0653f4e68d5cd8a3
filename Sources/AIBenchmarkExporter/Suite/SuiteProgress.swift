import BenchmarkModel
import ExporterConfiguration
import Synchronization

/// Says how a suite gets on, on standard error: one line that is rewritten on a terminal, and else a line for each benchmark.
final class SuiteProgress: Sendable {
    private struct Current {
        var benchmark: BenchmarkDefinition
        var startedAt: ContinuousClock.Instant
        var isMeasuring = false
        var durations: [Double] = []
        var finished = 0
    }

    private let isTerminal: Bool
    private let isSilent: Bool
    private let width: Int
    private let current = Mutex<Current?>(nil)

    init(isTerminal: Bool, isSilent: Bool, width: Int) {
        self.isTerminal = isTerminal
        self.isSilent = isSilent
        self.width = width
    }

    /// A benchmark begins.
    func begin(_ benchmark: BenchmarkDefinition) {
        current.withLock { $0 = Current(benchmark: benchmark, startedAt: .now) }
        if isTerminal { show("\(benchmark.name)  warm-up") }
    }

    /// A measured iteration has ended.
    func note(_ iteration: IterationOutcome) {
        guard isTerminal else { return }
        let line = current.withLock { current -> String? in
            guard var state = current else { return nil }
            state.finished += 1
            if iteration.failure == nil { state.durations.append(iteration.duration.seconds) }
            current = state
            return Self.line(of: state)
        }
        if let line { show(line) }
    }

    /// A benchmark has ended.
    func end(_ record: RunRecord) {
        if isTerminal { show("") }
        for operation in record.operations {
            end(
                operation.identity.benchmark,
                operation.identity.operation,
                operation.objective.statistic,
                judged: operation.statistics?.judged,
                operation.statistics?.grade
            )
        }
    }

    /// An operation has ended; `judged`, in seconds, is `nil` where it is not known.
    func end(
        _ benchmark: String,
        _ operation: String,
        _ statistic: ObjectiveStatistic,
        judged: Double?,
        _ grade: Grade?
    ) {
        guard !isTerminal, !isSilent else { return }
        let figure = "\(statistic.rawValue) \(SuiteText.time(judged))"
        Console.error("\(benchmark)/\(operation): \(figure), \(grade?.rawValue ?? "none")")
    }

    /// Another process runs the suite, and `ended` of its `total` benchmarks have ended.
    func note(ended: Int, of total: Int) {
        if isTerminal { show(ended < total ? "\(ended) of \(total) benchmarks have ended" : "") }
    }

    /// What is left is what the iterations so far have taken, on average, for each that is missing.
    private static func line(of state: Current) -> String {
        let total = state.benchmark.iterations
        let elapsed = state.startedAt.duration(to: .now).seconds
        let left = elapsed / Double(max(1, state.finished)) * Double(max(0, total - state.finished))
        let sorted = state.durations.sorted()
        let p95 = sorted.isEmpty ? "–" : SuiteText.time(NearestRank.percentile(95, ofSorted: sorted))
        return "\(state.benchmark.name)  \(state.finished)/\(total)  \(Int(left.rounded(.up))) s left  P95 \(p95)"
    }

    private func show(_ line: String) {
        guard !isSilent else { return }
        Console.rewriteErrorLine(String(line.prefix(max(1, width - 1))))
    }
}
