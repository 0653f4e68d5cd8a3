/// Replaces `${NAME}`, `${NAME:-default}` and `${file:PATH}` in a value.
///
/// What is put in stays text: it is neither searched for further substitutions nor read as YAML. `$${` stands for `${`
/// itself, and a `$` without `{` for itself.
struct Substitution {
    /// The longest value that may come out, in bytes.
    static let longestValue = 1 << 20

    /// Of a text of ours, in which nothing is to be put.
    static let none = Substitution(environment: [:]) { _ in "" }

    let environment: [String: String]
    let readFile: @Sendable (String) throws -> String

    /// The text with everything put in, and whether anything was.
    func expand(_ written: String) throws(ValueProblem) -> (text: String, isSubstituted: Bool) {
        guard written.utf8.contains(UInt8(ascii: "$")) else { return (written, false) }
        var text = ""
        var isSubstituted = false
        for part in try Self.parts(of: written) {
            switch part {
            case .text(let literal): text += literal
            case .escape: text += "${"
            case .variable(let name, let fallback): text += try value(of: name, fallback)
            case .file(let path): text += try contents(of: path)
            }
            guard text.utf8.count <= Self.longestValue else {
                throw ValueProblem(found: "more than 1 MiB after substitution", expected: "less")
            }
            isSubstituted = isSubstituted || part.isReplaced
        }
        return (text, isSubstituted)
    }

    private func value(of name: String, _ fallback: String?) throws(ValueProblem) -> String {
        switch (environment[name], fallback) {
        case (let value?, nil): return value
        case (let value?, let fallback?): return value.isEmpty ? fallback : value
        case (nil, let fallback?): return fallback
        case (nil, nil):
            throw ValueProblem(
                found: "${\(name)}, which the environment does not have",
                expected: "a variable that is set, or ${\(name):-default}"
            )
        }
    }

    private func contents(of path: String) throws(ValueProblem) -> String {
        guard let text = try? readFile(path) else {
            throw ValueProblem(found: "${file:\(path)}, which cannot be read", expected: "a readable text file")
        }
        return text.last == "\n" || text.last == "\r\n" ? String(text.dropLast()) : text
    }
}

extension Substitution {
    /// A piece of a value as it was written.
    enum Part {
        case text(String)
        /// `$${`
        case escape
        case variable(String, fallback: String?)
        case file(String)

        var isReplaced: Bool {
            switch self {
            case .text, .escape: false
            case .variable, .file: true
            }
        }
    }

    /// The pieces of a value in their order.
    static func parts(of written: String) throws(ValueProblem) -> [Part] {
        var parts: [Part] = []
        var rest = written[...]
        while let dollar = rest.firstRange(of: "${") {
            let before = rest[..<dollar.lowerBound]
            rest = rest[dollar.upperBound...]
            if before.last == "$" {
                parts += [.text(String(before.dropLast())), .escape]
                continue
            }
            guard let end = rest.firstIndex(of: "}") else {
                throw ValueProblem(found: "${ without }", expected: "\(forms), or $${ for ${ itself")
            }
            parts += [.text(String(before)), try reference(rest[..<end])]
            rest = rest[rest.index(after: end)...]
        }
        return parts + [.text(String(rest))]
    }

    private static let forms = "${NAME}, ${NAME:-default} or ${file:PATH}"

    /// What stands between the braces.
    private static func reference(_ inner: Substring) throws(ValueProblem) -> Part {
        guard !inner.contains("${") else {
            throw ValueProblem(found: "${ within ${", expected: "\(forms), one after the other")
        }
        if inner.hasPrefix("file:"), inner != "file:" { return .file(String(inner.dropFirst("file:".count))) }
        let separator = inner.firstRange(of: ":-")
        let name = inner[..<(separator?.lowerBound ?? inner.endIndex)]
        guard let first = name.first, !first.isNumber,
            name.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "_") })
        else {
            throw ValueProblem(found: "${…} without the name of a variable", expected: forms)
        }
        return .variable(String(name), fallback: separator.map { String(inner[$0.upperBound...]) })
    }
}
