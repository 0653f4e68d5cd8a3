import Testing

@testable import ExporterServer

/// Requests that are sound and yet have been read in more than one way: what a handler gets to see of them, and what is
/// answered; what is not sound is in `MalformedRequest`.
@Suite struct RequestSmugglingTests {
    struct Reading: CustomTestStringConvertible {
        var text: String
        /// Query and body of each request that reaches a handler.
        var requests: [String]
        var statuses: [Int]
        var isOpen: Bool

        var testDescription: String { text.prefix(120).debugDescription }

        init(_ text: String, _ requests: [String], _ statuses: [Int] = [200], isOpen: Bool = true) {
            self.text = text
            self.requests = requests
            self.statuses = statuses
            self.isOpen = isOpen
        }
    }

    private static let hidden = "GET /metrics?hidden HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func get(_ lines: String..., then rest: String = "") -> String {
        "GET /metrics?1 HTTP/1.1\r\n" + (["Host: a"] + lines).map { $0 + "\r\n" }.joined() + "\r\n" + rest
    }

    private static func post(_ lines: String..., then rest: String = "") -> String {
        "POST /reload?1 HTTP/1.1\r\n" + (["Host: a"] + lines).map { $0 + "\r\n" }.joined() + "\r\n" + rest
    }

    private static func chunk(_ text: String, extension: String = "") -> String {
        "\(String(text.utf8.count, radix: 16))\(`extension`)\r\n\(text)\r\n"
    }

    static let readings = bodies + chunked + ends

    /// A request in the body of another is its body.
    private static let bodies = [
        Reading(get("Content-Length: \(hidden.utf8.count)", then: hidden), ["1 \(hidden)"]),
        Reading(post("Content-Length: \(hidden.utf8.count)", then: hidden), ["1 \(hidden)"]),
        Reading(post("Content-Length: 00\(hidden.utf8.count)", then: hidden), ["1 \(hidden)"]),
        Reading(post("Content-Length: 0", then: hidden), ["1 ", "hidden "], [200, 200]),
        Reading(
            post("Expect: 100-continue", "Content-Length: \(hidden.utf8.count)", then: hidden),
            ["1 \(hidden)"],
            [100, 200]
        ),
        // No such fields: a proxy that takes them for the real ones has sent what it did not mean to.
        Reading(get("Content_Length: 5", then: "hello"), ["1 "], [200, 501], isOpen: false),
        Reading(get("Content-Length\u{2D}X: 5"), ["1 "]),
        Reading(get("X: y", "Transfer-Encoding-X: chunked"), ["1 "]),
    ]

    /// After chunks nothing is read as a request.
    private static let chunked = [
        Reading(post("Transfer-Encoding: chunked", then: chunk(hidden) + "0\r\n\r\n"), ["1 \(hidden)"], isOpen: false),
        Reading(post("Transfer-Encoding: chunked", then: "0\r\n\r\n" + hidden), ["1 "], isOpen: false),
        Reading(get("Transfer-Encoding: chunked", then: "0\r\n\r\n" + hidden), ["1 "], isOpen: false),
        Reading(
            post("Transfer-Encoding: chunked", then: chunk("hi", extension: ";a=\"GET / HTTP/1.1\"") + "0\r\n\r\n"),
            ["1 hi"],
            isOpen: false
        ),
        Reading(
            post("Transfer-Encoding: chunked", then: "0;\(String(repeating: "a", count: 9000))\r\n\r\n" + hidden),
            ["1 "],
            isOpen: false
        ),
        // Fields behind the body count for nothing.
        Reading(
            post("Transfer-Encoding: chunked", then: "0\r\nA: b\r\nHost: b\r\n\r\n" + hidden),
            ["1 "],
            isOpen: false
        ),
    ]

    /// Behind the last request of a connection nothing is one.
    private static let ends = [
        Reading(get("Connection: close", then: hidden), ["1 "], isOpen: false),
        Reading(get("Connection: upgrade", "Upgrade: h2c", then: hidden), ["1 "], isOpen: false),
        Reading("GET /metrics?1 HTTP/1.0\r\n\r\n" + hidden, ["1 "], isOpen: false),
        Reading(get(then: hidden + "\0\u{1}\u{2}" + hidden), ["1 ", "hidden "], [200, 200, 400], isOpen: false),
        Reading(get(then: "\r\n\r\n" + hidden), ["1 ", "hidden "], [200, 200]),
        Reading(get(then: "BREW / HTTP/1.1\r\n\r\n" + hidden), ["1 "], [200, 501], isOpen: false),
        Reading(get(then: "GET /metrics HTTP/1.1\r\n\r\n" + hidden), ["1 "], [200, 400], isOpen: false),
        Reading(get(then: " " + hidden), ["1 "], [200, 400], isOpen: false),
        Reading(
            "GET http://A/metrics?1 HTTP/1.1\r\nHost: a\r\n\r\n" + hidden,
            ["1 ", "hidden "],
            [200, 200]
        ),
        Reading(
            "GET http://a/metrics?1 HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: b\r\n\r\n",
            ["1 "]
        ),
    ]

    @Test(
        "a request is read in the one way that is safe, however its bytes arrive",
        arguments: readings,
        [1, 7, 100_000]
    )
    func reading(_ reading: Reading, size: Int) throws {
        let connection = try ConnectionHarness()
        try connection.send(reading.text, inPiecesOf: size)
        var answered = 0
        while connection.exchanges.count > answered {
            answered = connection.exchanges.count
            connection.answer()
        }
        let requests = connection.exchanges.map(\.request)
        #expect(
            requests.map { "\($0.query ?? "") \(String(decoding: $0.body, as: UTF8.self))" } == reading.requests
        )
        let lines = try connection.output().split(whereSeparator: \.isNewline).filter { $0.hasPrefix("HTTP/1.1 ") }
        #expect(lines.map { Int($0.dropFirst(9).prefix(3)) } == reading.statuses)
        #expect(connection.isOpen == reading.isOpen)
    }

    @Test("a compressed body is handed on as it was sent")
    func compressedBody() throws {
        let connection = try ConnectionHarness()
        try connection.send(Self.post("Content-Encoding: gzip", "Content-Length: 3", then: "\u{1f}\u{8}\u{0}"))
        #expect(connection.exchanges.first?.request.body == [0x1F, 0x08, 0x00])
    }
}
