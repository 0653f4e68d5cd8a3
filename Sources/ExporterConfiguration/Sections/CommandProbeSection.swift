extension CommandTarget {
    init?(reading field: Field) {
        guard let section = Section(field, keys: ["directory", "environment"]) else { return nil }
        let directory = section["directory"]?.directory()
        let environment = section.setting("environment", default: [:]) { $0.environment() }
        guard let environment else { return nil }
        self.init(directory: directory, environment: environment)
    }
}

extension CommandProbeDefinition {
    init?(reading field: Field) {
        guard let section = Section(field, keys: ["run", "shell", "stdin", "expect"]) else { return nil }
        let usesShell = section.setting("shell", default: false) { $0.boolean() }
        let expected = "a list of a program and its arguments, or with shell: true a text"
        let run = section.required("run", expected)?.program(expected, usesShell: usesShell == true)
        let expect = section["expect"].flatMap {
            Section($0, keys: ["exit_status", "stdout_contains", "stdout_matches"])
        }
        let definition = Self(
            run: run ?? [],
            usesShell: usesShell ?? false,
            standardInput: section["stdin"]?.text("what the program reads from its standard input"),
            expectedStatus: expect?["exit_status"]?.integer(in: 0...255) ?? 0,
            expectedOutput: TextExpectation(
                contains: expect?["stdout_contains"],
                matches: expect?["stdout_matches"],
                subject: "the output"
            )
        )
        guard run != nil, usesShell != nil else { return nil }
        self = definition
    }
}

extension Field {
    fileprivate func directory() -> String? {
        let expected = "an absolute path of a directory"
        return parsed(expected) { text throws(ValueProblem) in
            guard text.hasPrefix("/"), !text.hasControlCharacter else {
                throw ValueProblem(found: text.quotedForMessage, expected: expected)
            }
            return text
        }
    }

    /// The names and values of variables, none of which is shown.
    fileprivate func environment() -> [String: Secret]? {
        guard let entries = entries("a mapping of names of variables to values") else { return nil }
        var environment: [String: Secret] = [:]
        for entry in entries {
            if let value = entry.variable() { environment[entry.key] = value }
        }
        return environment
    }

    /// The words of a command, or the text that the shell reads.
    fileprivate func program(_ expected: String, usesShell: Bool) -> [String]? {
        if usesShell { return nonEmptyText(expected)?.withoutNull(self).map { [$0] } }
        guard let fields = list(expected) else { return nil }
        let words = fields.compactMap { field in field.word()?.withoutNull(field) }
        guard words.count == fields.count else { return nil }
        guard words.first?.isEmpty == false else {
            report(found: fields.isEmpty ? "an empty list" : "a program without a name", expected: expected)
            return nil
        }
        return words
    }
}

extension Field.Entry {
    fileprivate func variable() -> Secret? {
        guard !key.isEmpty, !key.hasControlCharacter, !key.utf8.contains(UInt8(ascii: "=")) else {
            let problem = ValueProblem(found: key.quotedForMessage, expected: "the name of a variable")
            field.log.report(problem, at: position, field.node.path)
            return nil
        }
        return field.word()?.withoutNull(field).map { Secret($0) }
    }
}

extension String {
    /// The text itself; `nil` after reporting a character that no program can be given.
    fileprivate func withoutNull(_ field: Field) -> String? {
        guard utf8.contains(0) else { return self }
        field.report(found: "a text with the character U+0000", expected: "one without")
        return nil
    }
}
