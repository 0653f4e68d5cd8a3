extension Field {
    /// Reads the cases of a sequence, which have no variable of `refused`.
    func cases(refusing refused: Set<String>) -> [[String: JSONScalar]] {
        guard let fields = list("a list of cases, each a mapping of variables to values") else { return [] }
        if fields.isEmpty { report(found: "an empty list", expected: "at least one case") }
        let cases = fields.map { field in
            field.entries("a mapping of variables to values")?
                .reduce(into: [String: JSONScalar]()) { values, entry in
                    if entry.isVariable(refusing: refused) { values[entry.key] = entry.field.scalar() ?? .null }
                }
        }
        let readable = cases.compactMap(\.self)
        let names = Set(readable.flatMap(\.keys)).sorted()
        for case (let field, let values?) in zip(fields, cases) where values.count < names.count {
            let missing = names.first { values[$0] == nil } ?? ""
            field.report(found: "a case without \(missing)", expected: "the variables of the other cases")
        }
        return readable
    }

    /// Reports the variables in the texts of a request that are not among `known`, and those that cannot stand where they do.
    ///
    /// Regular expressions are no templates: braces mean something else there.
    func checkVariables(_ known: Set<String>) {
        switch node.content {
        case .unreadable: return
        case .scalar(let scalar): checkVariables(of: scalar, known)
        case .list(let nodes):
            for node in nodes { Field(node: node, log: log).checkVariables(known) }
        case .mapping(let entries):
            for entry in entries where !["body_matches", "matches"].contains(entry.key) {
                let field = Field(node: entry.value, log: log)
                if entry.key == "model" { field.refuseVariables() } else { field.checkVariables(known) }
            }
        }
    }

    private func checkVariables(of scalar: ConfigurationNode.Scalar, _ known: Set<String>) {
        do throws(ValueProblem) {
            let unknown = try Template(parsing: scalar.text).variables.subtracting(known).sorted()
            guard let first = unknown.first else { return }
            report(
                found: scalar.isSubstituted
                    ? "an unknown variable in a value with a substitution" : "the unknown variable {{\(first)}}",
                expected: "one of \(known.sorted().prefix(10).joined(separator: ", "))"
            )
        } catch {
            report(found: error.found, expected: error.expected)
        }
    }

    /// The name of a model is a label.
    private func refuseVariables() {
        guard case .scalar(let scalar) = node.content, scalar.text.contains("{{") else { return }
        report(found: "a variable", expected: "the name of a model, the same in all iterations")
    }
}

extension Field.Entry {
    /// Whether the key is the name of a variable; reports it if not, or where it is one of `refused`.
    func isVariable(refusing refused: Set<String>) -> Bool {
        let isName = key.wholeMatch(of: /[A-Za-z_][0-9A-Za-z_]{0,63}/) != nil
        guard !isName || refused.contains(key) else { return true }
        field.log.report(
            ValueProblem(
                found: isName ? "\(key), which has a value already" : key.quotedForMessage,
                expected: isName ? "another name" : "the name of a variable: letters, digits and _"
            ),
            at: position,
            field.node.path
        )
        return false
    }
}

extension CaptureDefinition {
    /// Reads one entry of `capture`; `constants` are variables that no step may set.
    init?(reading entry: Field.Entry, constants: Set<String>, of request: ProbeDefinition?) {
        let isName = entry.isVariable(refusing: constants)
        guard let source = Source(reading: entry.field, of: request), isName else { return nil }
        self.init(variable: entry.key, source: source)
    }
}

extension CaptureDefinition.Source {
    private enum Kind: String, CaseIterable {
        case header, matches
    }

    fileprivate init?(reading field: Field, of request: ProbeDefinition?) {
        if case .scalar = field.node.content {
            let path = field.parsed(
                "a JSON path such as $.id, or a mapping with header or matches",
                JSONPath.init(parsing:)
            )
            guard let path else { return nil }
            self = .json(path)
            return
        }
        guard let section = Section(field, keys: Kind.allCases.map(\.rawValue)),
            let (kind, value) = section.exactlyOne(of: Kind.self)
        else { return nil }
        switch kind {
        case .header:
            if case .redis = request { value.report(found: "a header", expected: "another part, as Redis has none") }
            guard let name = value.label("the name of a header") else { return nil }
            self = .header(name)
        case .matches:
            guard let pattern = value.regularExpression() else { return nil }
            self = .match(pattern)
        }
    }
}
