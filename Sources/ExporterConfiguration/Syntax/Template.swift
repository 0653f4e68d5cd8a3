/// A text with variables, such as `/v1/memories/{{id}}`.
///
/// There is no way to write `{{` itself: the value of a case may hold it, as values are no templates.
package struct Template: Hashable, Sendable {
    private enum Part: Hashable {
        case text(String)
        case variable(String)

        /// Whether a text has what only variables begin with.
        var opensVariable: Bool {
            switch self {
            case .text(let text): text.contains("{{")
            case .variable: false
            }
        }
    }

    private let parts: [Part]

    /// Reads a text; throws where `{{` is not the beginning of a variable.
    package init(parsing text: String) throws(ValueProblem) {
        var parts: [Part] = []
        var rest = text[...]
        // Of three braces the first is JSON's, and so is the last.
        while let match = rest.firstMatch(of: /\{\{([A-Za-z_][0-9A-Za-z_]{0,63})\}\}/) {
            parts += [.text(String(rest[..<match.range.lowerBound])), .variable(String(match.1))]
            rest = rest[match.range.upperBound...]
        }
        parts.append(.text(String(rest)))
        guard !parts.contains(where: \.opensVariable) else {
            throw ValueProblem(found: "{{ without the name of a variable and }}", expected: Self.expected)
        }
        self.parts = parts.filter { $0 != .text("") }
    }

    /// A text without variables.
    package init(literal text: String) {
        parts = [.text(text)]
    }

    private static let expected = "variables such as {{nonce}}, of letters, digits and _"

    /// The names of its variables.
    package var variables: Set<String> {
        Set(
            parts.compactMap { part in
                if case .variable(let name) = part { name } else { nil }
            }
        )
    }

    /// The text with the values put in, each as `escape` writes it; nothing where there is no value.
    package func rendered(with values: [String: JSONScalar], escape: (String) -> String = { $0 }) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .variable(let name): escape(values[name]?.text ?? "")
            }
        }.joined()
    }

    /// The value of the only variable, with its type, where the template is nothing else; the rendered text otherwise.
    package func value(with values: [String: JSONScalar]) -> JSONScalar {
        if parts.count == 1, case .variable(let name) = parts[0], let value = values[name] { return value }
        return .string(rendered(with: values))
    }
}

extension JSONScalar {
    /// The value as a text without quotes; a whole number without a fraction.
    package var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): Int64(exactly: value).map(String.init) ?? "\(value)"
        case .string(let value): value
        }
    }
}
