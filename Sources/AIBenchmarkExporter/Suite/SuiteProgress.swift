import BenchmarkModel
import ExporterConfiguration
import Probing
import Synchronization

/// Says how a suite gets on, on standard error: one line that is rewritten on a terminal, and else a line for each benchmark.
final class SuiteProgress: Sendable {
    private let isTerminal: Bool
    private let width: Int
    private let draw: @Sendable (String) -> Void
    private let current = Mutex<BenchmarkProgressLine?>(nil)
    /// Whether a line stands on the terminal.
    private let isShown = Mutex(false)

    /// `width` is that of the terminal in columns; `draw` puts a line in the place of the one that stands there.
    init(isTerminal: Bool, width: Int, draw: @escaping @Sendable (String) -> Void = { Console.rewriteErrorLine($0) }) {
        self.isTerminal = isTerminal
        self.width = width
        self.draw = draw
    }

    /// A benchmark begins.
    func begin(_ benchmark: BenchmarkDefinition) {
        current.withLock { $0 = BenchmarkProgressLine(of: benchmark) }
        if isTerminal { show(benchmark.name, "warm-up") }
    }

    /// A measured iteration has ended.
    func note(_ iteration: IterationOutcome) {
        guard isTerminal else { return }
        let (name, text) = current.withLock { ($0?.name, $0?.note(iteration, at: .now)) }
        if let name, let text { show(name, text) }
    }

    /// A benchmark has ended.
    func end(_ record: RunRecord) {
        clear()
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
        Console.error("\(name.printable): \(figure), \(SuiteText.grade(grade))")
    }

    /// Another process runs the suite: it is at the benchmark `running`, and `ended` of `total` have ended.
    func note(running: String?, ended: Int, of total: Int, elapsed: Duration) {
        guard isTerminal else { return }
        show(running, "\(ended) of \(total) benchmarks have ended  \(elapsed.components.seconds) s")
    }

    /// Takes away the line that stands on the terminal: whatever is written next begins a line of its own.
    func clear() {
        isShown.withLock { isShown in
            if isShown { draw("") }
            isShown = false
        }
    }

    /// The middle of the name gives way to what changes.
    private func show(_ name: String?, _ text: String) {
        let room = width - 1
        let beginning = (name?.printable.shortened(toDisplayWidth: max(8, room - text.displayWidth - 2))).map {
            "\($0)  "
        }
        isShown.withLock { isShown in
            draw(((beginning ?? "") + text).prefix(displayWidth: max(1, room)))
            isShown = true
        }
    }
}
