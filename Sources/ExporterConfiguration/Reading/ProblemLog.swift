/// Collects what is wrong while a configuration is read, so that reading goes on after the first problem.
///
/// A reader that has reported a problem returns `nil`, and whoever needed the value returns `nil` in turn without a word:
/// one mistake is one line. Nobody mends a thousand lines at once, and what a large file could be told may grow with the
/// square of its size: beyond `mostProblems` there is only one more, which says so.
final class ProblemLog {
    static let mostProblems = 100

    private let file: String
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []

    init(file: String) {
        self.file = file
    }

    /// Adds what is wrong with the value; `problem` is not made where there are too many.
    func report(_ problem: @autoclosure () -> ValueProblem, at position: Position, _ path: NodePath) {
        add(problem, position, path, to: &problems)
    }

    /// Adds what is allowed and hardly meant, as `report` does.
    func warn(_ problem: @autoclosure () -> ValueProblem, at position: Position, _ path: NodePath) {
        add(problem, position, path, to: &warnings)
    }

    private func add(
        _ problem: () -> ValueProblem,
        _ position: Position,
        _ path: NodePath,
        to list: inout [ConfigurationProblem]
    ) {
        guard list.count <= Self.mostProblems else { return }
        let last = ValueProblem(found: "still more to say", expected: "a new check when the rest is mended")
        list.append(entry(list.count < Self.mostProblems ? problem() : last, position, path))
    }

    private func entry(_ problem: ValueProblem, _ position: Position, _ path: NodePath) -> ConfigurationProblem {
        ConfigurationProblem(
            file: file,
            line: position.line,
            column: position.column,
            keyPath: path.description,
            message: problem.description
        )
    }
}

extension [ConfigurationProblem] {
    /// By line and column; what stands at one place stays in its order.
    var inFileOrder: Self {
        enumerated().sorted { lhs, rhs in
            (lhs.element.line, lhs.element.column, lhs.offset) < (rhs.element.line, rhs.element.column, rhs.offset)
        }.map(\.element)
    }
}
