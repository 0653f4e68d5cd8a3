import Yams

/// Turns text into nodes: YAML by Yams, then tags, keys, aliases and substitutions, all within limits.
///
/// Nothing that a file can hold may cost more than the file is worth. An alias is a reference for Yams and a copy for us,
/// so nodes and bytes are counted after copying (a "billion laughs" ends at the limit). To find duplicates Yams hashes
/// every key with all that is in it, at each level again. So where a file has an `*` or a `?`, keys made of aliases and
/// keys of any length are refused first, in a copy of the text in which neither character means anything.
struct NodeComposer {
    private static let longestFile = 1 << 20
    private static let mostNodes = 100_000
    private static let mostBytes = 4 << 20
    private static let deepestNesting = 32

    /// What ends the reading of a file at once.
    private struct Refusal: Error {
        var problem: ValueProblem
        var position: Position
        var path: NodePath = .root
    }

    private let substitution: Substitution
    private let log: ProblemLog
    private let expected: String
    private var nodes = 0
    private var bytes = 0

    /// `expected` is what an empty file should have.
    init(
        substitution: Substitution,
        log: ProblemLog,
        expected: String = "a mapping with targets and benchmarks, such as 'ai-benchmark-exporter init' prints"
    ) {
        self.substitution = substitution
        self.log = log
        self.expected = expected
    }

    /// The root of the document, or `nil` after reporting why there is none.
    mutating func compose(_ text: String) -> ConfigurationNode? {
        do {
            return try node(from: tree(of: text), at: .root, depth: 0)
        } catch {
            log.report(error.problem, at: error.position, error.path)
            return nil
        }
    }

    private func tree(of text: String) throws(Refusal) -> Node {
        guard text.utf8.count <= Self.longestFile else {
            throw Refusal(
                problem: ValueProblem(found: "a file of \(text.utf8.count) bytes", expected: "at most 1 MiB"),
                position: .start
            )
        }
        let text = text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        if let disarmed = DisarmedText(text), let root = try yaml(disarmed.text) {
            try refuseUnusualKeys(in: root, of: disarmed)
        }
        guard let root = try yaml(text), root.string?.isEmpty != true else {
            throw Refusal(
                problem: ValueProblem(found: "an empty file", expected: expected),
                position: .start
            )
        }
        return root
    }

    /// The basic resolver takes every scalar for text, so that Yams sees that `a` and `"a"` are one key.
    private func yaml(_ text: String) throws(Refusal) -> Node? {
        do {
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch {
            let failure = YAMLFailure(error, in: text)
            throw Refusal(problem: failure.problem, position: failure.position)
        }
    }

    private func refuseUnusualKeys(in node: Node, of text: DisarmedText) throws(Refusal) {
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain, text.isExplicitKey(scalar.string) {
                throw Refusal(problem: Self.unusualKey, position: Position(node))
            }
        case .alias: break
        case .sequence(let sequence):
            for element in sequence { try refuseUnusualKeys(in: element, of: text) }
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard let scalar = key.scalar, scalar.style != .plain || !text.isAlias(scalar.string) else {
                    throw Refusal(problem: Self.unusualKey, position: Position(key))
                }
                try refuseUnusualKeys(in: key, of: text)
                try refuseUnusualKeys(in: value, of: text)
            }
        }
    }

    private static let unusualKey = ValueProblem(
        found: "a key that is a list, a mapping or an alias, or that comes after ?",
        expected: "text"
    )

    private mutating func node(
        from node: Node,
        at path: NodePath,
        depth: Int
    ) throws(Refusal) -> ConfigurationNode {
        let position = Position(node)
        nodes += 1
        guard nodes <= Self.mostNodes, bytes <= Self.mostBytes else {
            let limit = "at most \(Self.mostNodes) values and 4 MiB with all aliases and substitutions in place"
            throw Refusal(
                problem: ValueProblem(found: "a file that grows beyond all measure", expected: limit),
                position: position
            )
        }
        guard depth <= Self.deepestNesting else {
            let limit = "at most \(Self.deepestNesting) levels"
            throw Refusal(problem: ValueProblem(found: "deeper nesting", expected: limit), position: position)
        }
        return ConfigurationNode(
            path: path,
            position: position,
            content: try content(of: node, at: path, position, depth: depth)
        )
    }

    private mutating func content(
        of node: Node,
        at path: NodePath,
        _ position: Position,
        depth: Int
    ) throws(Refusal) -> ConfigurationNode.Content {
        switch node {
        case .scalar(let scalar):
            guard scalar.tag == .untagged || scalar.tag == .text else { return tagged(path, position) }
            return self.scalar(scalar, at: path, position)
        case .sequence(let sequence):
            guard sequence.tag == .untagged || sequence.tag == .list else { return tagged(path, position) }
            var list: [ConfigurationNode] = []
            for (index, element) in sequence.enumerated() {
                list.append(try self.node(from: element, at: .index(index, of: path), depth: depth + 1))
            }
            return .list(list)
        case .mapping(let mapping):
            guard mapping.tag == .untagged || mapping.tag == .mapping else { return tagged(path, position) }
            return .mapping(try entries(of: mapping, at: path, depth: depth))
        case .alias:
            // Only the encoder of Yams makes these; the parser has put the value in their place.
            return tagged(path, position)
        }
    }

    private mutating func entries(
        of mapping: Node.Mapping,
        at path: NodePath,
        depth: Int
    ) throws(Refusal) -> [ConfigurationNode.Entry] {
        var entries: [ConfigurationNode.Entry] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                throw Refusal(problem: Self.unusualKey, position: Position(key), path: path)
            }
            bytes += name.utf8.count
            let value = try node(from: value, at: .key(name, of: path), depth: depth + 1)
            entries.append(ConfigurationNode.Entry(key: name, position: Position(key), value: value))
        }
        return entries
    }

    private mutating func scalar(
        _ scalar: Node.Scalar,
        at path: NodePath,
        _ position: Position
    ) -> ConfigurationNode.Content {
        do {
            let (text, isSubstituted) = try substitution.expand(scalar.string)
            bytes += text.utf8.count
            return .scalar(
                ConfigurationNode.Scalar(
                    text: text,
                    written: scalar.string,
                    isPlain: scalar.style == .plain && scalar.tag == .untagged,
                    isSubstituted: isSubstituted
                )
            )
        } catch {
            log.report(error, at: position, path)
            return .unreadable
        }
    }

    private func tagged(_ path: NodePath, _ position: Position) -> ConfigurationNode.Content {
        log.report(ValueProblem(found: "a tag", expected: "a value without one"), at: position, path)
        return .unreadable
    }
}

extension Tag {
    // Those of Yams bring its default resolver with them, and that a handful of regular expressions.
    static var untagged: Tag { Tag(.implicit, .basic) }
    static var text: Tag { Tag(.str, .basic) }
    static var list: Tag { Tag(.seq, .basic) }
    static var mapping: Tag { Tag(.map, .basic) }
}

extension Position {
    fileprivate init(_ node: Node) {
        self.init(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}

/// A YAML text of the same structure in which `*` and `?` are replaced by characters without a meaning.
///
/// What was an alias or began a key with `?` is a plain scalar now, or an error.
private struct DisarmedText {
    private static let alias: Unicode.Scalar = "\u{E000}"
    private static let explicitKey: Unicode.Scalar = "\u{E001}"

    let text: String

    /// `nil` where the text has neither character.
    init?(_ text: String) {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) else { return nil }
        var scalars = String.UnicodeScalarView()
        scalars.append(
            contentsOf: text.unicodeScalars.lazy.map { scalar in
                switch scalar {
                case "*": Self.alias
                case "?": Self.explicitKey
                default: scalar
                }
            }
        )
        self.text = String(scalars)
    }

    func isAlias(_ plain: String) -> Bool {
        plain.unicodeScalars.first == Self.alias
    }

    /// Whether a plain scalar was what follows a `?`: no other one can begin with `?` and a blank.
    func isExplicitKey(_ plain: String) -> Bool {
        let scalars = plain.unicodeScalars
        guard scalars.first == Self.explicitKey else { return false }
        return scalars.dropFirst().first?.properties.isWhitespace != false
    }
}
