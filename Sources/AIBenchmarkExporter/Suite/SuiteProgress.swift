import BenchmarkModel
import ExporterConfiguration
import Probing
import Synchronization

/// Says how a suite gets on, on standard error: one line that is rewritten on a terminal, and else a line for each benchmark.
final class SuiteProgress: Sendable {
    private let isTerminal: Bool
    private let width: Int
    private let current = Mutex<BenchmarkProgressLine?>(nil)

    init(isTerminal: Bool, width: Int) {
        self.isTerminal = isTerminal
        self.width = width
    }

    /// A benchmark begins.
    func begin(_ benchmark: BenchmarkDefinition) {
        current.withLock { $0 = BenchmarkProgressLine(of: benchmark, startedAt: .now) }
        if isTerminal { show("\(benchmark.name)  warm-up") }
    }

    /// A measured iteration has ended.
    func note(_ iteration: IterationOutcome) {
        guard isTerminal else { return }
        if let line = current.withLock({ $0?.note(iteration, at: .now) }) { show(line) }
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
        guard !isTerminal else { return }
        let name = "\(benchmark)/\(operation)"
        let figure = "\(statistic.rawValue) \(SuiteText.time(judged))"
        Console.error("\(name.printable): \(figure), \(grade?.rawValue ?? "none")")
    }

    /// Another process runs the suite, and `ended` of its `total` benchmarks have ended.
    func note(ended: Int, of total: Int) {
        if isTerminal { show(ended < total ? "\(ended) of \(total) benchmarks have ended" : "") }
    }

    private func show(_ line: String) {
        Console.rewriteErrorLine(String(line.prefix(max(1, width - 1))))
    }
}
