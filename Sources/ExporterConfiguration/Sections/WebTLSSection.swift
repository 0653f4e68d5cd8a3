extension WebTLSDefinition {
    private static let keys = [
        "cert_file", "key_file", "cert", "key", "client_ca_file", "client_ca", "client_auth_type",
        "client_allowed_sans",
        "min_version", "max_version", "cipher_suites", "prefer_server_cipher_suites", "curve_preferences",
    ]

    init?(reading field: Field) {
        guard let section = Section(field, keys: Self.keys) else { return nil }
        let certificate = PEMSource(reading: section, "cert", expected: "a certificate", isRequired: true)
        let key = PEMSource(reading: section, "key", expected: "the key of the certificate", isRequired: true)
        let authorities = PEMSource(reading: section, "client_ca", expected: "authorities", isRequired: false)
        let authentication = section.setting("client_auth_type", default: WebClientAuthentication.none) {
            $0.clientAuthentication()
        }
        let minimum = section.setting("min_version", default: .tls12) { $0.choice(of: WebTLSVersion.self) }
        let maximum = section.setting("max_version", default: .tls13) { $0.choice(of: WebTLSVersion.self) }
        let suites = section["cipher_suites"]?.choices(of: WebCipherSuite.self, "a list of cipher suites") ?? []
        let curves = section["curve_preferences"]?.choices(of: WebCurve.self, "a list of curves") ?? []
        Self.refuseWhatCannotBeDone(section)
        if let minimum, let maximum { Self.check(minimum, maximum, section) }
        if let authentication { Self.check(authentication, hasAuthorities: authorities != nil, section) }
        guard let certificate, let key, let authentication, let minimum, let maximum else { return nil }
        self.init(
            certificate: certificate,
            key: key,
            clientAuthorities: authorities,
            clientAuthentication: authentication,
            minimumVersion: minimum,
            maximumVersion: maximum,
            cipherSuites: suites,
            curves: curves
        )
    }

    /// Settings that would be no protection if they were passed over.
    private static func refuseWhatCannotBeDone(_ section: Section) {
        if section["prefer_server_cipher_suites"]?.boolean() == true {
            section.report(
                found: "true",
                expected: "false: among cipher_suites the order of the client decides here",
                at: "prefer_server_cipher_suites"
            )
        }
        if section["client_allowed_sans"] != nil {
            section.report(
                found: "names of clients, which are not checked here",
                expected: "a client_ca_file whose authority signs no other clients",
                at: "client_allowed_sans"
            )
        }
    }

    private static func check(_ minimum: WebTLSVersion, _ maximum: WebTLSVersion, _ section: Section) {
        let versions = WebTLSVersion.allCases
        let supported = versions.drop { $0 != minimum }
        guard !supported.contains(maximum) else { return }
        let key = section["max_version"] == nil ? "min_version" : "max_version"
        section.report(
            found: "\(minimum.rawValue) as the least version and \(maximum.rawValue) as the greatest",
            expected: "a least version that is not after the greatest",
            at: key
        )
    }

    /// Without authorities of its own a server would trust everyone who has a certificate for a web site.
    private static func check(_ authentication: WebClientAuthentication, hasAuthorities: Bool, _ section: Section) {
        switch authentication {
        case .verifyIfGiven, .requireAndVerify:
            let isGiven = section["client_ca_file"] != nil || section["client_ca"] != nil
            guard !hasAuthorities, !isGiven else { return }
            section.report(found: "nothing", expected: "the authorities of the clients", at: "client_ca_file")
        case .none:
            guard hasAuthorities else { return }
            section.report(
                found: "authorities of clients that are not asked for a certificate",
                expected: "client_auth_type: RequireAndVerifyClientCert",
                at: section["client_ca_file"] == nil ? "client_ca" : "client_ca_file"
            )
        case .request, .requireAny: break
        }
    }
}

extension PEMSource {
    /// Reads `key_file`, or the text itself under `key`; not both.
    fileprivate init?(reading section: Section, _ key: String, expected: String, isRequired: Bool) {
        switch (section["\(key)_file"], section[key]) {
        case (let file?, nil):
            guard let path = file.nonEmptyText("the path of a PEM file with \(expected)") else { return nil }
            self = .file(path)
        case (nil, let text?):
            guard let text = text.nonEmptyText("\(expected) as PEM text") else { return nil }
            self = .text(Secret(text))
        case (_?, _?):
            section.report(found: "\(key) and \(key)_file", expected: "one of them", at: key)
            return nil
        case (nil, nil):
            guard isRequired else { return nil }
            section.report(found: "nothing", expected: "the path of a PEM file with \(expected)", at: "\(key)_file")
            return nil
        }
    }
}

extension Field {
    /// One of the names, or the older name of one of them.
    fileprivate func clientAuthentication() -> WebClientAuthentication? {
        if case .scalar(let scalar) = node.content, scalar.text == "RequireClientCert" { return .requireAny }
        return choice(of: WebClientAuthentication.self)
    }

    /// A list of values of a closed set.
    fileprivate func choices<Value: RawRepresentable & CaseIterable>(
        of type: Value.Type,
        _ expected: String
    ) -> [Value]? where Value.RawValue == String {
        list(expected)?.compactMap { $0.choice(of: type) }
    }
}
