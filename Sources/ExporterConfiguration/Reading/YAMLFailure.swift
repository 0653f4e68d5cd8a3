import Yams

/// What Yams says about a text that is not YAML, in our words and with the place where it is wrong.
struct YAMLFailure {
    let problem: ValueProblem
    let position: Position

    init(_ error: any Error, in text: String) {
        let expected = "one YAML document"
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let detail = context.map { ": \($0.text) that begins at \($0.mark.line):\($0.mark.column)" } ?? ""
            self.problem = ValueProblem(found: "invalid YAML (\(problem)\(detail))", expected: expected)
            position = Position(line: max(1, mark.line), column: max(1, mark.column))
        case .reader(let problem, let offset, _, _):
            self.problem = ValueProblem(found: "invalid YAML (\(problem))", expected: expected)
            position = offset.map { Position(ofCharacter: $0, in: text) } ?? .start
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map(\.quotedForMessage).joined(separator: ", ")
            problem = ValueProblem(found: "\(names) more than once", expected: "each key once in a mapping")
            position = Position(line: max(1, context.mark.line), column: max(1, context.mark.column))
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, nil:
            problem = ValueProblem(found: "a text that cannot be parsed", expected: expected)
            position = .start
        }
    }
}

extension Position {
    fileprivate init(ofCharacter offset: Int, in text: String) {
        var position = Position.start
        for character in text.prefix(offset) {
            position.column += character.unicodeScalars.count
            if character.isNewline { position = Position(line: position.line + 1, column: 1) }
        }
        self = position
    }
}
