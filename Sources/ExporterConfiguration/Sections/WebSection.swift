extension WebConfiguration {
    /// Reads the whole file; `isPasswordHash` says whether a text is a hash that the server can use.
    init?(reading field: Field, isPasswordHash: (String) -> Bool) {
        let keys = ["tls_server_config", "http_server_config", "basic_auth_users", "rate_limit"]
        guard let section = Section(field, keys: keys) else { return nil }
        let tls = section["tls_server_config"].flatMap { WebTLSDefinition(reading: $0) }
        let headers = section["http_server_config"].flatMap { Self.headers(reading: $0) } ?? []
        let users = section["basic_auth_users"].flatMap { Self.users(reading: $0, isPasswordHash) } ?? [:]
        if section["tls_server_config"] == nil, let field = section["basic_auth_users"], !users.isEmpty {
            field.log.warn(
                ValueProblem(
                    found: "passwords without TLS",
                    expected: "tls_server_config, or all on the way read them"
                ),
                at: field.node.position,
                field.node.path
            )
        }
        self.init(
            tls: tls,
            headers: headers,
            users: users,
            rateLimit: section["rate_limit"].flatMap { WebRateLimitDefinition(reading: $0) }
        )
    }

    private static func headers(reading field: Field) -> [HeaderDefinition]? {
        guard let section = Section(field, keys: ["http2", "headers"]) else { return nil }
        if let http2 = section["http2"], http2.boolean() == true {
            http2.log.warn(
                ValueProblem(found: "true", expected: "false: HTTP/1.1 is spoken here, which every client speaks too"),
                at: http2.node.position,
                http2.node.path
            )
        }
        return section["headers"].map { WebHeader.headers(reading: $0) } ?? []
    }

    private static func users(reading field: Field, _ isPasswordHash: (String) -> Bool) -> [String: Secret]? {
        guard let entries = field.entries("a mapping of users to bcrypt hashes") else { return nil }
        var users: [String: Secret] = [:]
        for entry in entries {
            if entry.key.isEmpty || entry.key.contains(":") || entry.key.hasControlCharacter {
                field.log.report(
                    ValueProblem(found: "a name that nobody can log in with", expected: "one without a colon"),
                    at: entry.position,
                    field.node.path
                )
            }
            let expected = "a bcrypt hash with a cost from 4 to 16, such as 'htpasswd -nBC 10 USER' prints"
            guard let hash = entry.field.text(expected) else { continue }
            guard isPasswordHash(hash) else {
                let isForeign = !hash.hasPrefix("$2")
                entry.field.report(
                    found: isForeign ? "no bcrypt hash" : "a bcrypt hash that cannot be used",
                    expected: expected
                )
                continue
            }
            users[entry.key] = Secret(hash)
        }
        return users
    }
}

/// The headers that may be set, as the exporter toolkit has them.
private enum WebHeader: String, CaseIterable {
    case contentSecurityPolicy = "Content-Security-Policy"
    case frameOptions = "X-Frame-Options"
    case contentTypeOptions = "X-Content-Type-Options"
    case xssProtection = "X-XSS-Protection"
    case strictTransportSecurity = "Strict-Transport-Security"

    /// The only values that it may have; `nil` for any.
    private var values: [String]? {
        switch self {
        case .frameOptions: ["deny", "sameorigin"]
        case .contentTypeOptions: ["nosniff"]
        case .contentSecurityPolicy, .xssProtection, .strictTransportSecurity: nil
        }
    }

    /// A header whose value is empty is not set.
    static func headers(reading field: Field) -> [HeaderDefinition] {
        guard let section = Section(field, keys: allCases.map(\.rawValue)) else { return [] }
        return allCases.compactMap { header in
            guard let field = section[header.rawValue], !field.isBlank, let value = field.word() else { return nil }
            if let values = header.values, !values.contains(value) {
                field.report(found: field.shown, expected: values.joined(separator: " or "))
                return nil
            }
            guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                field.report(found: "a header value that is not printable ASCII", expected: "one that is")
                return nil
            }
            return HeaderDefinition(name: header.rawValue, value: Secret(value))
        }
    }
}

extension WebRateLimitDefinition {
    /// Reads a limit; `nil` where the interval is 0, which stands for none.
    fileprivate init?(reading field: Field) {
        guard let section = Section(field, keys: ["interval", "burst"]) else { return nil }
        let interval = section.required("interval", DurationText.expected)?.duration(allowsZero: true)
        guard let interval, interval > .zero else {
            _ = section["burst"]?.integer(in: 0...100_000)
            return nil
        }
        guard let burst = section.required("burst", "how many requests may come at once")?.integer(in: 1...100_000)
        else { return nil }
        self.init(interval: interval, burst: burst)
    }
}

extension Field {
    /// Whether there is nothing, or an empty text.
    fileprivate var isBlank: Bool {
        if case .scalar(let scalar) = node.content { scalar.text.isEmpty } else { false }
    }
}
