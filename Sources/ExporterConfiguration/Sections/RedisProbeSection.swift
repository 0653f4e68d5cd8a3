extension RedisProbeDefinition {
    /// Reads a probe, or a step of a sequence, which has other steps before and after it.
    init?(reading field: Field, isStep: Bool) {
        let keys = isStep ? ["command", "expect"] : ["prepare", "command", "cleanup", "expect"]
        guard let section = Section(field, keys: keys) else { return nil }
        let command = section.required("command", "a command as a list of words")?.command()
        let prepare = section["prepare"]?.commands() ?? []
        let cleanup = section["cleanup"]?.commands() ?? []
        let expect = section["expect"].flatMap(RedisExpectation.init(reading:))
        guard let command else { return nil }
        self.init(
            prepare: prepare,
            command: command,
            cleanup: cleanup,
            expect: expect ?? RedisExpectation(value: nil, elements: nil)
        )
    }
}

extension RedisExpectation {
    fileprivate init?(reading field: Field) {
        guard let section = Section(field, keys: ["value", "elements"]) else { return nil }
        if section["value"] != nil, section["elements"] != nil {
            section.report(
                found: "a value and a number of elements",
                expected: "one of them, as no reply has both",
                at: "elements"
            )
        }
        self.init(value: section["value"]?.replyValue(), elements: section["elements"]?.integer(in: 0...1_000_000))
    }
}

extension Field {
    /// A reply as text, whatever YAML would make of it: Redis has no other scalars than texts and nil.
    fileprivate func replyValue() -> JSONScalar? {
        guard let scalar = scalar() else { return nil }
        return scalar == .null ? scalar : word().map(JSONScalar.string)
    }

    /// The words of one command.
    fileprivate func command() -> [String]? {
        guard let fields = list("a command as a list of words") else { return nil }
        guard let name = fields.first else {
            report(found: "an empty list", expected: "at least the name of a command")
            return nil
        }
        let words = fields.compactMap { $0.word() }
        guard words.count == fields.count else { return nil }
        if let problem = words.first?.labelProblem("the name of a command") {
            name.report(found: "a text that is none", expected: problem.expected)
            return nil
        }
        return words
    }

    /// A list of commands, or the words of a single one.
    fileprivate func commands() -> [[String]]? {
        guard let fields = list("a list of commands, each a list of words") else { return nil }
        guard case .scalar = fields.first?.node.content else { return fields.compactMap { $0.command() } }
        return command().map { [$0] }
    }
}
