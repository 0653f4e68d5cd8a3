import Testing

@testable import ExporterServer

@Suite("The address of a client")
struct ClientAddressTests {
    private static let proxies = [
        AddressRange(bytes: [10, 0, 0, 0], prefixLength: 8), AddressRange(bytes: [127, 0, 0, 1], prefixLength: 32),
        AddressRange(bytes: [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 12), prefixLength: 36),
    ]

    @Test(
        "is that of the peer, or what trusted proxies have appended, read from the right",
        arguments: [
            ("192.0.2.7", nil, "192.0.2.7"),
            ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
            ("::ffff:192.0.2.7", nil, "192.0.2.7"),
            ("10.1.2.3", nil, "10.1.2.3"),
            ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
            ("::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"),
            ("10.1.2.3", "127.0.0.1, 198.51.100.1", "198.51.100.1"),
            ("10.1.2.3", "198.51.100.1, 10.9.9.9,10.8.8.8", "198.51.100.1"),
            ("10.1.2.3", "10.7.7.7, 10.8.8.8", "10.7.7.7"),
            ("10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"),
            ("10.1.2.3", "198.51.100.1, unknown, 10.8.8.8", "10.8.8.8"),
            ("10.1.2.3", "198.51.100.1,", "10.1.2.3"),
            ("10.1.2.3", "", "10.1.2.3"),
            ("10.1.2.3", "198.51.100.1:4711", "198.51.100.1"),
            ("10.1.2.3", "[2001:DB9::1]:4711", "2001:db9::1"),
            ("10.1.2.3", "2001:db9::1", "2001:db9::1"),
            ("2001:db8:0fff::1", "198.51.100.1", "198.51.100.1"),
            ("2001:db8:1fff::1", "198.51.100.1", "2001:db8:1fff::1"),
            ("10.1.2.3", "1.2.3.4\"; DROP", "10.1.2.3"),
            ("", "198.51.100.1", ""),
        ] as [(String, String?, String)]
    )
    func forwarded(peer: String, field: String?, client: String) {
        let headers = RequestHeaders(field.map { [("X-Forwarded-For", $0)] } ?? [])
        #expect(ClientAddress(peer: peer, headers: headers, trusting: Self.proxies).text == client)
    }

    @Test(
        "is on this machine only where no proxy can stand between",
        arguments: [
            ("127.0.0.1", [], true),
            ("127.8.9.1", [], true),
            ("::1", [], true),
            ("::ffff:127.0.0.1", [], true),
            ("192.0.2.7", [], false),
            ("::1", [("X-Forwarded-For", "127.0.0.1")], false),
            ("::1", [("Forwarded", "for=127.0.0.1")], false),
            ("::1", [("X-Real-IP", "127.0.0.1")], false),
            ("::1", [("Via", "1.1 proxy")], false),
            ("127.0.0.1", [("X-Forwarded-For", "198.51.100.1")], false),
            ("127.0.0.1", [("X-Forwarded-For", "127.0.0.1, 198.51.100.1")], false),
            ("127.0.0.1", [("X-Forwarded-For", "unknown")], false),
            ("127.0.0.1", [("Forwarded", "for=198.51.100.1")], false),
            ("127.0.0.1", [("X-Real-IP", "198.51.100.1")], false),
            ("127.0.0.1", [("Via", "1.1 proxy")], false),
            ("10.1.2.3", [("X-Forwarded-For", "127.0.0.1")], false),
            ("10.1.2.3", [("X-Forwarded-For", "::1, 10.8.8.8")], false),
            ("", [], false),
        ] as [(String, [(String, String)], Bool)]
    )
    func loopback(peer: String, fields: [(String, String)], isLoopback: Bool) {
        let headers = RequestHeaders(fields.map { (name: $0.0, value: $0.1) })
        #expect(ClientAddress(peer: peer, headers: headers, trusting: Self.proxies).isLoopback == isLoopback)
    }

    @Test("of IPv6 counts as one with its network of 64 bits")
    func limitKey() {
        func key(_ peer: String) -> [UInt8] {
            ClientAddress(peer: peer, headers: RequestHeaders([]), trusting: []).limitKey
        }
        #expect(key("2001:db8::1") == key("2001:db8::ffff:1"))
        #expect(key("2001:db8::1") != key("2001:db8:0:1::1"))
        #expect(key("192.0.2.7") != key("192.0.2.8"))
        #expect(key("192.0.2.7") == key("::ffff:192.0.2.7"))
    }
}
