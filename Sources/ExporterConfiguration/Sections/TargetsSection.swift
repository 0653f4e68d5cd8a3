/// A target by its kind; without a definition where it has problems, so that its benchmarks do not report them again.
enum DeclaredTarget {
    enum Kind: String, CaseIterable {
        case http, redis, tcp, command
    }

    case http(HTTPTarget?)
    case redis(RedisEndpoint?)
    case tcp(TCPTarget?)
    case command(CommandTarget?)
    /// Not even the kind could be read.
    case unreadable

    var kind: Kind? {
        switch self {
        case .http: .http
        case .redis: .redis
        case .tcp: .tcp
        case .command: .command
        case .unreadable: nil
        }
    }

    /// `nil` where it has problems.
    var description: TargetDescription? {
        switch self {
        case .http(let target): target.map(TargetDescription.init)
        case .redis(let target): target.map(TargetDescription.init)
        case .tcp(let target): target.map(TargetDescription.init)
        case .command(let target): target.map(TargetDescription.init)
        case .unreadable: nil
        }
    }

    init(reading field: Field) {
        guard let section = Section(field, keys: Kind.allCases.map(\.rawValue)),
            let (kind, field) = section.exactlyOne(of: Kind.self)
        else {
            self = .unreadable
            return
        }
        switch kind {
        case .http: self = .http(HTTPTarget(reading: field))
        case .redis: self = .redis(RedisEndpoint(reading: field))
        case .tcp: self = .tcp(TCPTarget(reading: field))
        case .command: self = .command(CommandTarget(reading: field))
        }
    }
}

extension DeclaredTarget {
    /// The target that `section` names, or `nil` after reporting that there is none.
    static func named(
        _ name: String?,
        among targets: [String: DeclaredTarget],
        _ section: Section
    ) -> Self? {
        guard let name else { return nil }
        if let target = targets[name] { return target }
        section.report(found: section["target"]?.shown ?? "nothing", expected: targets.expectedName, at: "target")
        return nil
    }
}

extension HTTPTarget {
    fileprivate init?(reading field: Field) {
        guard let section = Section(field, keys: ["base_url", "socket", "headers"] + TLSDefinition.keys) else {
            return nil
        }
        let url = section.required("base_url", HTTPBaseURL.expected)?
            .parsed(HTTPBaseURL.expected, HTTPBaseURL.init(parsing:))
        let socket = section["socket"]?.parsed(SocketPath.expected) { text throws(ValueProblem) in
            try SocketPath(parsing: text).text
        }
        let headers = section["headers"].map { [HeaderDefinition](reading: $0) ?? [] } ?? []
        let tls = TLSDefinition(reading: section, isSecure: url?.isSecure, secured: "a URL that begins with https://")
        guard let url else { return nil }
        self.init(baseURL: url, socketPath: socket, headers: headers, tls: tls)
    }
}

extension RedisEndpoint {
    fileprivate init?(reading field: Field) {
        guard let section = Section(field, keys: ["url"] + TLSDefinition.keys) else { return nil }
        let endpoint = section.required("url", Self.expected)?.parsed(Self.expected, Self.init(parsing:))
        let tls = TLSDefinition(
            reading: section,
            isSecure: endpoint.map { $0.tls != nil },
            secured: "a URL that begins with rediss://"
        )
        guard var endpoint else { return nil }
        if endpoint.tls != nil { endpoint.tls = tls }
        self = endpoint
    }
}

extension TLSDefinition {
    static let keys = ["ca_file", "cert_file", "key_file", "server_name"]

    /// Reads the keys of TLS, which say nothing about a connection without TLS.
    ///
    /// `secured` is what a target with TLS would have instead.
    init(reading section: Section, isSecure: Bool?, secured: String) {
        self.init(
            certificateAuthorityFile: section["ca_file"]?.nonEmptyText("the path of a PEM file"),
            serverName: section["server_name"]?.nonEmptyText("the name that the certificate must have"),
            clientCertificate: ClientCertificateDefinition(reading: section)
        )
        guard isSecure == false else { return }
        for key in Self.keys where section[key] != nil {
            section.report(
                found: "a setting of TLS with a target without TLS",
                expected: secured,
                at: key
            )
        }
    }
}

extension ClientCertificateDefinition {
    /// Reads `cert_file` and `key_file`, of which there are both or none.
    fileprivate init?(reading section: Section) {
        let certificate = section["cert_file"]?.nonEmptyText("the path of a PEM file")
        let key = section["key_file"]?.nonEmptyText("the path of a PEM file")
        if section["cert_file"] != nil, section["key_file"] == nil {
            section.report(found: "nothing", expected: "the key of the certificate in cert_file", at: "key_file")
        } else if section["key_file"] != nil, section["cert_file"] == nil {
            section.report(found: "nothing", expected: "the certificate of the key in key_file", at: "cert_file")
        }
        guard let certificate, let key else { return nil }
        self.init(certificateFile: certificate, keyFile: key)
    }
}

extension [String: DeclaredTarget] {
    /// Reads all targets; `nil` where their names cannot even be read.
    init?(reading field: Field) {
        guard let entries = field.entries("a mapping of names to targets") else { return nil }
        self.init()
        for entry in entries {
            if let problem = entry.key.labelProblem("the name of a target") {
                field.log.report(problem, at: entry.position, entry.field.node.path)
            }
            self[entry.key] = DeclaredTarget(reading: entry.field)
        }
    }

    /// What is expected where one of these targets is to be named.
    var expectedName: String {
        let known = keys.sorted().prefix(10).map(\.quotedForMessage).joined(separator: ", ")
        return known.isEmpty ? "the name of a target, of which there are none" : "one of \(known)"
    }
}
