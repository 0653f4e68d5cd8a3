// NOTHING GETS INTO A PAGE UNESCAPED
//
// Markup is a type of its own: what is written in the source is markup, and every text that is put into it is escaped by
// the interpolation. There is no way to write the unescaped text of somebody else by forgetting something.

/// Markup; a text becomes part of it only escaped.
struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// As it is sent.
    private(set) var text: String

    init(stringLiteral value: String) {
        text = value
    }

    init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
    }

    /// `parts` one after the other.
    init(_ parts: [HTML]) {
        text = parts.map(\.text).joined()
    }

    /// A name, which may be broken after what stands between its words.
    static func name(_ name: String) -> HTML {
        var (markup, word): (HTML, String) = ("", "")
        for character in name {
            word.append(character)
            guard "_-./:".contains(character) else { continue }
            markup = "\(markup)\(word)<wbr>"
            word = ""
        }
        return "\(markup)\(word)"
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity * 2)
        }

        mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        /// A text of somebody else, in an element or in a quoted attribute.
        mutating func appendInterpolation(_ value: String) {
            for scalar in value.unicodeScalars { append(scalar) }
        }

        mutating func appendInterpolation(_ value: Int) {
            text += String(value)
        }

        mutating func appendInterpolation(_ markup: HTML) {
            text += markup.text
        }

        /// Nothing for `nil`.
        mutating func appendInterpolation(_ markup: HTML?) {
            text += markup?.text ?? ""
        }

        mutating func appendInterpolation(_ parts: [HTML]) {
            for part in parts { text += part.text }
        }

        private mutating func append(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default:
                // What is no character, and what reverses the text that follows, is shown as what it is.
                let isHidden =
                    Self.hidden.contains(scalar.properties.generalCategory) && !"\n\t".unicodeScalars.contains(scalar)
                text.unicodeScalars.append(isHidden ? "\u{FFFD}" : scalar)
            }
        }

        private static let hidden: Set<Unicode.GeneralCategory> = [.control, .format, .surrogate, .unassigned]
    }
}
