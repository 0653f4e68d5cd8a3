extension TCPProbeDefinition {
    init?(reading field: Field) {
        guard let section = Section(field, keys: ["send", "expect"]) else { return nil }
        let expect = section["expect"].flatMap { field in
            Section(field, keys: ["contains", "matches"]).map { section in
                TextExpectation(contains: section["contains"], matches: section["matches"], subject: "the answer")
            }
        }
        self.init(send: section["send"]?.nonEmptyText("a text to send"), expect: expect ?? TextExpectation())
    }
}

extension TextExpectation {
    /// Reads the two fields, which have other names elsewhere.
    init(contains: Field?, matches: Field?, subject: String) {
        self.init(
            contains: contains?.nonEmptyText("a text that \(subject) must contain"),
            matches: matches?.regularExpression()
        )
    }
}
