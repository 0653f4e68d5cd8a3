/// A mapping whose keys are ours: what is not among them is reported when the section is opened.
struct Section {
    private let field: Field
    private let fields: [String: Field]
    private let hasUnknownKey: Bool
    private let keys: [String]

    /// Opens the mapping, or returns `nil` after reporting that it is none.
    init?(_ field: Field, keys: [String]) {
        guard let entries = field.entries("a mapping with some of \(keys.joined(separator: ", "))") else { return nil }
        self.field = field
        self.keys = keys
        fields = Dictionary(entries.map { ($0.key, $0.field) }, uniquingKeysWith: { first, _ in first })
        let unknown = entries.filter { !keys.contains($0.key) }
        hasUnknownKey = !unknown.isEmpty
        for entry in unknown {
            field.log.report(
                ValueProblem(found: "an unknown key", expected: "one of \(keys.joined(separator: ", "))"),
                at: entry.position,
                entry.field.node.path
            )
        }
    }

    subscript(key: String) -> Field? { fields[key] }

    var log: ProblemLog { field.log }

    /// Where the mapping stands.
    var place: (path: NodePath, position: Position) { (field.node.path, field.node.position) }

    /// The field, or `nil` after reporting that it is missing.
    func required(_ key: String, _ expected: String) -> Field? {
        if let field = fields[key] { return field }
        report(found: "nothing", expected: expected, at: key)
        return nil
    }

    /// What `read` makes of the field, the default where there is no such key, or `nil` where the value is no good.
    func setting<Value>(_ key: String, default value: Value?, _ read: (Field) -> Value?) -> Value? {
        guard let field = fields[key] else { return value }
        return read(field)
    }

    /// Whether there is at least one key, or `false` after reporting that there is none.
    func hasAnyKey() -> Bool {
        if fields.isEmpty { field.report(found: "none", expected: "at least one of \(keys.joined(separator: ", "))") }
        return !fields.isEmpty
    }

    /// The only one of several fields, or `nil` after reporting that there are none or too many.
    func exactlyOne<Kind: RawRepresentable & CaseIterable>(
        of kinds: Kind.Type
    ) -> (Kind, Field)? where Kind.RawValue == String {
        let present = kinds.allCases.compactMap { kind in fields[kind.rawValue].map { (kind, $0) } }
        if let first = present.first, present.count == 1 { return first }
        let names = kinds.allCases.map(\.rawValue).joined(separator: ", ")
        if present.isEmpty, hasUnknownKey { return nil }
        let found = present.map(\.0.rawValue).joined(separator: " and ")
        field.report(found: present.isEmpty ? "none" : found, expected: "exactly one of \(names)")
        return nil
    }

    /// Reports a problem with a key: at its value, or where there is none at the section.
    func report(found: @autoclosure () -> String, expected: @autoclosure () -> String, at key: String) {
        if let field = fields[key] {
            field.report(found: found(), expected: expected())
        } else {
            let place = NodePath.key(key, of: field.node.path)
            field.log.report(ValueProblem(found: found(), expected: expected()), at: field.node.position, place)
        }
    }
}
