/// A value about to be read as what it should be.
///
/// Each function returns `nil` after reporting what it found instead. What it shows of the value is decided here, once:
/// nothing that came from a substitution, and nothing of a text that may be a secret.
struct Field {
    let node: ConfigurationNode
    let log: ProblemLog

    /// What stands there, for a message about a value that is no secret.
    var shown: String {
        if case .scalar(let scalar) = node.content { scalar.shown } else { node.kind }
    }

    func report(found: @autoclosure () -> String, expected: @autoclosure () -> String) {
        log.report(ValueProblem(found: found(), expected: expected()), at: node.position, node.path)
    }

    // MARK: Scalars

    /// Any text; a plain number or boolean is none.
    func text(_ expected: String = "text") -> String? {
        switch node.content {
        case .unreadable: return nil
        case .scalar(let scalar):
            if scalar.isSubstituted { return scalar.text }
            if case .string(let text) = scalar.resolved { return text }
            report(found: node.kind, expected: node.kind == "nothing" ? expected : "\(expected), in quotes")
        case .list, .mapping: report(found: node.kind, expected: expected)
        }
        return nil
    }

    /// The text that `parse` makes a value of; what it found is shown unless the text came from a substitution.
    func parsed<Value>(_ expected: String, _ parse: (String) throws(ValueProblem) -> Value) -> Value? {
        text(expected).flatMap { value(of: $0, parse) }
    }

    /// Any scalar as the text that it is written as; for words of commands.
    func word() -> String? {
        switch node.content {
        case .unreadable: return nil
        case .scalar(let scalar) where !scalar.text.isEmpty || !scalar.isPlain: return scalar.text
        case .scalar, .list, .mapping:
            report(found: node.kind, expected: "a word")
            return nil
        }
    }

    /// Any scalar with the type that it has in YAML.
    func scalar() -> JSONScalar? {
        switch node.content {
        case .unreadable: return nil
        case .scalar(let scalar): return scalar.resolved
        case .list, .mapping:
            report(found: node.kind, expected: "text, a number, a boolean or null")
            return nil
        }
    }

    func boolean() -> Bool? {
        literal("true or false") { text in
            switch text {
            case "true", "True", "TRUE": true
            case "false", "False", "FALSE": false
            default: nil
            }
        }
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        literal("a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number that may have a fraction.
    func number(in range: ClosedRange<Int>) -> Double? {
        literal("a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Double(text).flatMap { (Double(range.lowerBound)...Double(range.upperBound)).contains($0) ? $0 : nil }
        }
    }

    /// A number that may have a fraction, and is neither zero nor next to it.
    func positiveNumber(upTo limit: Int) -> Double? {
        literal("a number from 0.001 to \(limit)") { text in
            Double(text).flatMap { (0.001...Double(limit)).contains($0) ? $0 : nil }
        }
    }

    /// One of the raw values of a closed set.
    func choice<Value: RawRepresentable & CaseIterable>(of type: Value.Type) -> Value? where Value.RawValue == String {
        let names = type.allCases.map(\.rawValue)
        let expected = "\(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")"
        return parsed(expected) { text throws(ValueProblem) in
            guard let value = Value(rawValue: text) else {
                throw ValueProblem(found: text.quotedForMessage, expected: expected)
            }
            return value
        }
    }

    /// A duration such as `30s`; zero only where `allowsZero`.
    func duration(allowsZero: Bool = false) -> Duration? {
        guard case .scalar(let scalar) = node.content, scalar.isSubstituted || scalar.resolved != .null else {
            _ = text(DurationText.expected)
            return nil
        }
        return value(of: scalar.text) { text throws(ValueProblem) in
            let duration = try DurationText.parse(text)
            guard duration > .zero || allowsZero else {
                throw ValueProblem(found: text, expected: "a duration greater than zero")
            }
            return duration
        }
    }

    /// A text that becomes the value of a label: not empty, at most 128 bytes, no control characters.
    func label(_ expected: String) -> String? {
        parsed(expected) { text throws(ValueProblem) in
            if let problem = text.labelProblem(expected) { throw problem }
            return text
        }
    }

    /// A text that is not empty; it is never shown.
    func nonEmptyText(_ expected: String) -> String? {
        guard let text = text(expected) else { return nil }
        guard text.isEmpty else { return text }
        report(found: "an empty text", expected: expected)
        return nil
    }

    /// What `parse` makes of the text of this scalar.
    private func value<Value>(of text: String, _ parse: (String) throws(ValueProblem) -> Value) -> Value? {
        do throws(ValueProblem) {
            return try parse(text)
        } catch {
            if case .scalar(let scalar) = node.content, scalar.isSubstituted {
                report(found: scalar.shown, expected: error.expected)
            } else {
                report(found: error.found, expected: error.expected)
            }
            return nil
        }
    }

    /// A value that stands there without quotes, or that a substitution has put there.
    private func literal<Value>(_ expected: String, _ convert: (String) -> Value?) -> Value? {
        switch node.content {
        case .unreadable: return nil
        case .scalar(let scalar):
            if scalar.isPlain || scalar.isSubstituted, let value = convert(scalar.text) { return value }
        case .list, .mapping: break
        }
        report(found: shown, expected: expected)
        return nil
    }

    // MARK: Lists and mappings

    func list(_ expected: String) -> [Field]? {
        switch node.content {
        case .unreadable: return nil
        case .list(let nodes): return nodes.map { Field(node: $0, log: log) }
        case .scalar, .mapping:
            report(found: node.kind, expected: expected)
            return nil
        }
    }

    /// A list that is no longer than anyone would write: what is made of two such lists together stays within bounds.
    func list(_ expected: String, upTo limit: Int) -> [Field]? {
        guard let fields = list(expected) else { return nil }
        guard fields.count > limit else { return fields }
        report(found: "a list of \(fields.count)", expected: "at most \(limit)")
        return nil
    }

    /// The entries of a mapping whose keys are names of the user's choice.
    func entries(_ expected: String) -> [Entry]? {
        switch node.content {
        case .unreadable: return nil
        case .mapping(let entries):
            return entries.map { Entry(key: $0.key, position: $0.position, field: Field(node: $0.value, log: log)) }
        case .scalar, .list:
            report(found: node.kind, expected: expected)
            return nil
        }
    }

    struct Entry {
        var key: String
        /// Of the key.
        var position: Position
        var field: Field
    }
}
