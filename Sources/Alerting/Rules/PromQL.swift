/// The pieces of PromQL in which something of the configuration occurs.
enum PromQL {
    /// A text as a string of PromQL, quotes included.
    static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }

    /// The matcher of series whose label `name` has one of `values`, of which there is at least one.
    static func matcher(_ name: String, oneOf values: [String]) -> String {
        if values.count == 1, let value = values.first { return "\(name)=\(quoted(value))" }
        return "\(name)=~\(quoted(values.map(literalPattern).joined(separator: "|")))"
    }

    /// A regular expression of RE2 that fits `text` alone.
    private static func literalPattern(_ text: String) -> String {
        text.map { #"\.+*?()|[]{}^$"#.contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
