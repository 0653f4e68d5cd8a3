import ExporterConfiguration
import Testing

@Suite("The section api")
struct APIDefinitionTests {
    private static let digits = "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"

    @Test("has no tokens and no proxies, and ten requests per second, where it says nothing else")
    func standard() throws {
        for text in ["", "api: {}"] {
            let api = try testLoader().load(configuration(text), file: "a.yml").configuration.api
            #expect(api == APIDefinition(tokens: [], requestsPerSecond: 10, burst: 20, trustedProxies: []))
        }
    }

    @Test("warns of a proxy that anybody may be", arguments: ["0.0.0.0/0", "::/0", "10.0.0.0/0"])
    func everybody(network: String) throws {
        let text = "api: { trusted_proxies: [10.0.0.0/8, \"\(network)\", 127.0.0.1] }"
        let loaded = try testLoader().load(configuration(text), file: "a.yml")
        #expect(loaded.configuration.api.trustedProxies.count == 3)
        let expected = "expected those of proxies, or every client says where it comes from"
        #expect(
            loaded.warnings.map { "\($0)" }.filter { $0.contains("trusted_proxies") }.map {
                String($0.drop { $0 != " " })
            } == [
                " api.trusted_proxies[1]: found every address, \(expected)"
            ]
        )
    }

    @Test("is read with all that it has")
    func everything() throws {
        let text = """
            api:
              tokens: [{ name: ci, role: admin, sha256: "\(Self.digits)" }]
              rate_limit: { requests_per_second: 0.5, burst: 3 }
              trusted_proxies: [10.1.0.0/16, "::1"]
            """
        let api = try testLoader().load(configuration(text), file: "a.yml").configuration.api
        let token = try #require(api.tokens.first)
        #expect(token.name == "ci")
        #expect(token.role == .admin)
        #expect(token.sha256.prefix(3) == [0x8F, 0x43, 0x43])
        #expect(token.sha256.count == 32)
        #expect(api.requestsPerSecond == 0.5)
        #expect(api.burst == 3)
        let loopback = Array(repeating: UInt8(0), count: 15) + [1]
        #expect(
            api.trustedProxies == [
                NetworkDefinition(address: [10, 1, 0, 0], prefixLength: 16),
                NetworkDefinition(address: loopback, prefixLength: 128),
            ]
        )
    }
}
