/// Collects what is wrong while a configuration is read, so that reading goes on after the first problem.
///
/// A reader that has reported a problem returns `nil`, and whoever needed the value returns `nil` in turn without a word:
/// one mistake is one line.
final class ProblemLog {
    private let file: String
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []

    init(file: String) {
        self.file = file
    }

    func report(_ problem: ValueProblem, at position: Position, _ path: NodePath) {
        problems.append(entry(problem, position, path))
    }

    func warn(_ problem: ValueProblem, at position: Position, _ path: NodePath) {
        warnings.append(entry(problem, position, path))
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
