/// The path to one value of a JSON document: `$`, then `.name`, `["name"]` or `[index]` any number of times.
///
/// This is the singular-query part of RFC 9535; a path that could select several values is not one.
package struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    /// One selector of the path.
    package enum Step: Hashable, Sendable {
        case member(String)
        /// Negative ones count from the end.
        case index(Int)
    }

    package let steps: [Step]
    /// The path as it was written.
    package let description: String
}

extension JSONPath {
    private static let expected = "$ and then .name, [\"name\"] or [index] any number of times"

    /// Reads a path.
    ///
    /// In a quoted name `\\` and the quote itself may be escaped. Throws what was found where no path could go on.
    package init(parsing text: String) throws(ValueProblem) {
        guard text.hasPrefix("$") else {
            throw ValueProblem(found: text.isEmpty ? "an empty path" : text.quotedForMessage, expected: Self.expected)
        }
        var rest = text.dropFirst()
        var steps: [Step] = []
        while !rest.isEmpty {
            guard let step = Self.takeStep(from: &rest) else {
                throw ValueProblem(
                    found: "\(String(rest).quotedForMessage) in \(text.quotedForMessage)",
                    expected: Self.expected
                )
            }
            steps.append(step)
        }
        self.steps = steps
        description = text
    }

    /// The step at the beginning of `rest`, taken off it; `nil`, and nothing taken, where there is none.
    private static func takeStep(from rest: inout Substring) -> Step? {
        if let match = rest.prefixMatch(of: /\.([A-Za-z_\u{80}-\u{10FFFF}][0-9A-Za-z_\u{80}-\u{10FFFF}]*)/) {
            rest = rest[match.range.upperBound...]
            return .member(String(match.1))
        }
        if let match = rest.prefixMatch(of: /\[(0|-?[1-9][0-9]{0,15})\]/), let index = Int(match.1) {
            rest = rest[match.range.upperBound...]
            return .index(index)
        }
        guard rest.first == "[", let quote = rest.dropFirst().first, quote == "\"" || quote == "'" else { return nil }
        return takeQuotedName(from: &rest, quote: quote).map(Step.member)
    }

    private static func takeQuotedName(from rest: inout Substring, quote: Character) -> String? {
        var name = ""
        var isEscaped = false
        for index in rest.indices.dropFirst(2) {
            let character = rest[index]
            if isEscaped {
                guard character == "\\" || character == quote else { return nil }
                isEscaped = false
                name.append(character)
            } else if character == "\\" {
                isEscaped = true
            } else if character == quote {
                let end = rest.index(after: index)
                guard end < rest.endIndex, rest[end] == "]" else { return nil }
                rest = rest[rest.index(after: end)...]
                return name
            } else {
                name.append(character)
            }
        }
        return nil
    }
}
