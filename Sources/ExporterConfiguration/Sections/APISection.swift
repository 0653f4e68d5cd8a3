import Foundation

extension APIDefinition {
    init?(reading field: Field) {
        guard let section = Section(field, keys: ["tokens", "rate_limit", "trusted_proxies"]) else { return nil }
        self.init()
        if let tokens = section["tokens"] { self.tokens = [TokenDefinition](reading: tokens) ?? [] }
        if let field = section["rate_limit"], let limit = Section(field, keys: ["requests_per_second", "burst"]) {
            requestsPerSecond = limit["requests_per_second"]?.frequency() ?? requestsPerSecond
            burst = limit["burst"]?.integer(in: 1...100_000) ?? burst
        }
        trustedProxies =
            section["trusted_proxies"]?.list("a list of addresses and networks")?.compactMap {
                NetworkDefinition(ofProxies: $0)
            } ?? []
    }
}

extension [TokenDefinition] {
    fileprivate init?(reading field: Field) {
        guard let fields = field.list("a list of tokens") else { return nil }
        self.init()
        var names: Set<String> = []
        var hashes: Set<[UInt8]> = []
        for field in fields {
            guard let section = Section(field, keys: ["name", "role", "sha256"]) else { continue }
            let name = section.required("name", "who uses the token")?.label("who uses the token")
            let role = section.required("role", "read or admin")?.choice(of: TokenRole.self)
            let sha256 = section.required("sha256", SHA256Text.expected)?.sha256()
            guard let name, let role, let sha256 else { continue }
            if !names.insert(name).inserted {
                section.report(found: "a name that another token has", expected: "one of its own", at: "name")
            }
            if !hashes.insert(sha256).inserted {
                section.report(found: "the hash of another token", expected: "a token for each name", at: "sha256")
            }
            append(TokenDefinition(name: name, role: role, sha256: sha256))
        }
    }
}

private enum SHA256Text {
    static let expected = "the 64 hexadecimal digits that 'ai-benchmark-exporter token' prints"
}

extension Field {
    /// The bytes of a hash, which is never shown: it may be the token itself.
    fileprivate func sha256() -> [UInt8]? {
        guard let digits = text(SHA256Text.expected) else { return nil }
        let nibbles = digits.compactMap { $0.isASCII ? $0.hexDigitValue.map(UInt8.init) : nil }
        guard digits.utf8.count == 64, nibbles.count == 64 else {
            report(found: "something else", expected: SHA256Text.expected)
            return nil
        }
        return stride(from: 0, to: 64, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
    }

    /// How often in a second, of which a fraction may be very small but not nothing.
    fileprivate func frequency() -> Double? {
        guard let frequency = number(in: 0...100_000) else { return nil }
        guard frequency >= 0.001 else {
            report(found: shown, expected: "a number from 0.001 to 100000")
            return nil
        }
        return frequency
    }
}

extension NetworkDefinition {
    /// Reads addresses of proxies; a network of everybody is allowed and hardly meant.
    fileprivate init?(ofProxies field: Field) {
        guard let network = field.parsed(Self.expected, Self.init(parsing:)) else { return nil }
        self = network
        guard prefixLength == 0 else { return }
        field.log.warn(
            ValueProblem(
                found: "every address",
                expected: "those of proxies, or every client says where it comes from"
            ),
            at: field.node.position,
            field.node.path
        )
    }

    static let expected = "an address such as 10.0.0.1 or 2001:db8::1, or a network such as 10.0.0.0/8"

    init(parsing text: String) throws(ValueProblem) {
        let problem = ValueProblem(found: text.quotedForMessage, expected: Self.expected)
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = Self.bytes(of: String(first)) else { throw problem }
        let bits = address.count * 8
        guard parts.count == 2 else {
            self.init(address: address, prefixLength: bits)
            return
        }
        guard parts[1].utf8.count <= 3, parts[1].allSatisfy(\.isNumber), let length = Int(parts[1]), length <= bits
        else { throw problem }
        self.init(address: address, prefixLength: length)
    }

    private static func bytes(of text: String) -> [UInt8]? {
        var version4 = in_addr()
        var version6 = in6_addr()
        if inet_pton(AF_INET, text, &version4) == 1 { return withUnsafeBytes(of: &version4) { Array($0) } }
        if inet_pton(AF_INET6, text, &version6) == 1 { return withUnsafeBytes(of: &version6) { Array($0) } }
        return nil
    }
}
