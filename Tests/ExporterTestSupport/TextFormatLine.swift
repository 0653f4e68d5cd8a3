/// One line of the text format 0.0.4.
enum TextFormatLine {
    case help(name: String, text: String)
    case type(name: String, type: String)
    case sample(ParsedExposition.Sample)

    struct Failure: Error {
        var reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    init(_ line: Substring) throws(Failure) {
        var rest = Scanner(line)
        if rest.take("# HELP ") {
            let name = try rest.name(allowingColons: true)
            try rest.expect(" ")
            self = .help(name: name, text: try rest.escaped(until: nil))
        } else if rest.take("# TYPE ") {
            let name = try rest.name(allowingColons: true)
            try rest.expect(" ")
            let type = rest.remainder
            guard ["counter", "gauge", "histogram", "summary", "untyped"].contains(type) else {
                throw Failure("'\(type)' is not a type")
            }
            self = .type(name: name, type: type)
        } else {
            let name = try rest.name(allowingColons: true)
            let labels = rest.take("{") ? try Self.labels(&rest) : [:]
            try rest.expect(" ")
            self = .sample(.init(name: name, labels: labels, value: try Self.number(rest.remainder)))
        }
    }

    /// A number as Go's `strconv.ParseFloat` reads it, in decimal and in one spelling of each special value.
    static func number(_ text: String) throws(Failure) -> Double {
        switch text {
        case "+Inf": return .infinity
        case "-Inf": return -.infinity
        case "NaN": return .nan
        default:
            guard text.unicodeScalars.allSatisfy({ "0123456789+-.e".unicodeScalars.contains($0) }),
                let value = Double(text)
            else { throw Failure("'\(text)' is not a number") }
            return value
        }
    }

    private static func labels(_ rest: inout Scanner) throws(Failure) -> [String: String] {
        var labels: [String: String] = [:]
        repeat {
            let name = try rest.name(allowingColons: false)
            if name.hasPrefix("__") { throw Failure("the label name \(name) is reserved") }
            try rest.expect("=\"")
            let value = try rest.escaped(until: "\"")
            if labels.updateValue(value, forKey: name) != nil { throw Failure("the label \(name) twice") }
        } while rest.take(",")
        try rest.expect("}")
        return labels
    }
}

/// Takes a line apart from its beginning.
private struct Scanner {
    private var rest: Substring.UnicodeScalarView

    init(_ line: Substring) {
        rest = line.unicodeScalars
    }

    var remainder: String { String(rest) }

    mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest = rest.dropFirst(text.unicodeScalars.count)
        return true
    }

    mutating func expect(_ text: String) throws(TextFormatLine.Failure) {
        guard take(text) else { throw .init("expected '\(text)' before '\(remainder)'") }
    }

    mutating func name(allowingColons: Bool) throws(TextFormatLine.Failure) -> String {
        func isInName(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": true
            case ":": allowingColons
            default: false
            }
        }
        let name = String(rest.prefix(while: isInName))
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
            throw .init("expected a name before '\(remainder)'")
        }
        rest = rest.dropFirst(name.unicodeScalars.count)
        return name
    }

    /// The text up to `end`, which is taken too, or to the end of the line; `end` may stand in the text if escaped.
    mutating func escaped(until end: Unicode.Scalar?) throws(TextFormatLine.Failure) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == end { return String(text) }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            switch rest.popFirst() {
            case "\\": text.append("\\")
            case "n": text.append("\n")
            case let escaped? where escaped == end: text.append(escaped)
            case let escaped: throw .init("the backslash before '\(escaped.map(String.init) ?? "")' escapes nothing")
            }
        }
        if let end { throw .init("a value without its closing \(end)") }
        return String(text)
    }
}
