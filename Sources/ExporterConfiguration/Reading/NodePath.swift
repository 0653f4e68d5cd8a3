/// Where a value stands in a configuration, from the top: `benchmarks[2].probe.http.path`.
///
/// A node shares the path of its parent, so that a large file costs one step a node.
indirect enum NodePath: Sendable, CustomStringConvertible {
    case root
    case key(String, of: NodePath)
    case index(Int, of: NodePath)

    var description: String {
        switch self {
        case .root: ""
        case .index(let index, let parent): "\(parent)[\(index)]"
        case .key(let key, .root) where key.isPlainKey: key
        case .key(let key, let parent): key.isPlainKey ? "\(parent).\(key)" : "\(parent)[\(key.quotedForMessage)]"
        }
    }
}

/// A place in a text.
struct Position: Hashable {
    /// From 1.
    var line: Int
    /// From 1, in Unicode scalars.
    var column: Int

    static let start = Position(line: 1, column: 1)
}

extension String {
    /// The text in quotes for a message: control characters escaped, no more than its beginning.
    var quotedForMessage: String {
        let beginning = unicodeScalars.prefix(60)
        let escaped = beginning.map { $0 == "'" ? "'" : $0.escaped(asASCII: $0.isLayout) }.joined()
        return beginning.endIndex == endIndex ? "\"\(escaped)\"" : "\"\(escaped)…\""
    }

    /// Whether the text has a control character, as none of what becomes a label or a header may.
    var hasControlCharacter: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    fileprivate var isPlainKey: Bool {
        !isEmpty && utf8.count <= 64 && utf8.allSatisfy { $0.isLetterOrDigit || "_-".utf8.contains($0) }
    }
}

extension Unicode.Scalar {
    /// Whether it ends a line, turns its direction, or commands a terminal.
    fileprivate var isLayout: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension UInt8 {
    /// Whether the byte is a letter or a digit of ASCII.
    var isLetterOrDigit: Bool {
        let character = Unicode.Scalar(self)
        return ("a"..."z").contains(character) || ("A"..."Z").contains(character) || ("0"..."9").contains(character)
    }
}
