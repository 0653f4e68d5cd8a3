extension TCPTarget {
    init?(reading field: Field) {
        guard let section = Section(field, keys: ["address", "tls"] + TLSDefinition.keys) else { return nil }
        let address = section.required("address", Self.expected)?.parsed(Self.expected, Self.init(parsing:))
        let isSecure = section.setting("tls", default: false) { $0.boolean() }
        let tls = TLSDefinition(reading: section, isSecure: isSecure, secured: "tls: true")
        guard var address else { return nil }
        if isSecure == true { address.tls = tls }
        self = address
    }
}

extension TCPTarget {
    static let expected = "HOST:PORT, with the brackets of an IPv6 address"

    /// The target of an address, without TLS.
    init(parsing text: String) throws(ValueProblem) {
        guard let url = try? URLText(parsing: "tcp://" + text, schemes: ["tcp"], expected: Self.expected),
            let port = url.port, url.user == nil, url.password == nil, url.path.isEmpty
        else { throw ValueProblem(found: text.quotedForMessage, expected: Self.expected) }
        self.init(host: url.host, port: port)
    }
}
