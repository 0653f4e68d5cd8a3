/// A value of the file with its place, after substitution and before anyone knows what it should be.
struct ConfigurationNode {
    enum Content {
        case scalar(Scalar)
        case list([ConfigurationNode])
        /// In the order of the file; the keys differ.
        case mapping([Entry])
        /// A problem with it has been reported, so whoever needs the value says nothing more.
        case unreadable
    }

    struct Entry {
        var key: String
        /// Of the key.
        var position: Position
        var value: ConfigurationNode
    }

    struct Scalar {
        /// After substitution.
        var text: String
        /// Before substitution.
        var written: String
        /// Whether it stands there without quotes, so that `42` is a number and `true` a boolean.
        var isPlain: Bool

        /// Whether anything in `text` came from the environment or from a file: such a text is never shown.
        var isSubstituted: Bool
    }

    var path: NodePath
    var position: Position
    var content: Content

    /// What the node is, for a message that does not show it.
    var kind: String {
        switch content {
        case .scalar(let scalar): scalar.kind
        case .list: "a list"
        case .mapping: "a mapping"
        case .unreadable: "an unreadable value"
        }
    }
}

extension ConfigurationNode.Scalar {
    /// The value by the core schema of YAML 1.2, less octal, hexadecimal and infinite numbers, which are text here.
    ///
    /// See https://yaml.org/spec/1.2.2/#103-core-schema.
    var resolved: JSONScalar {
        guard isPlain else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default:
            let isNumber = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
            guard isNumber, let number = Double(text), number.isFinite else { return .string(text) }
            return .number(number)
        }
    }

    fileprivate var kind: String {
        switch resolved {
        case .null: "nothing"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "text"
        }
    }

    /// What stands there, for the message about a value that is no secret.
    var shown: String {
        if isSubstituted { return "a value with a substitution" }
        switch resolved {
        case .null: return "nothing"
        case .bool, .number: return text
        case .string: return text.quotedForMessage
        }
    }
}
