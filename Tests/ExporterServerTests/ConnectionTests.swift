import NIOCore
import NIOEmbedded
import Testing

@testable import ExporterServer

@Suite struct ConnectionTests {
    private let get = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("an answer has its length, its type and a word against guessing the type")
    func answer() throws {
        let connection = try ConnectionHarness()
        try connection.send("GET /metrics?a=b?c HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a: 2\r\n\r\n")
        let request = try #require(connection.exchanges.first?.request)
        #expect(request.method == "GET")
        #expect(request.path == "/metrics")
        #expect(request.query == "a=b?c")
        #expect(request.headers["x-A"] == "1, 2")
        #expect(request.headers["Y"] == nil)
        #expect(request.remoteAddress == "192.0.2.7")
        #expect(!request.isLoopback)
        connection.answer(
            .init(status: 200, contentType: "text/x", headers: [("ETag", "\"1\"")], body: Array("hi".utf8))
        )
        let expected = """
            HTTP/1.1 200 OK\r
            Date: Sun, 06 Nov 1994 08:49:37 GMT\r
            Content-Type: text/x\r
            Content-Length: 2\r
            X-Content-Type-Options: nosniff\r
            ETag: "1"\r
            \r
            hi
            """
        #expect(try connection.output() == expected)
        #expect(connection.isOpen)
        #expect(connection.responses == ["metrics 200"])
    }

    @Test("HEAD gets the head of GET and no body")
    func head() throws {
        let connection = try ConnectionHarness()
        try connection.send("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.answer()
        let head = try connection.output()
        try connection.send(get)
        connection.answer()
        #expect(try connection.output() == head + "ok\n")
    }

    @Test(
        "a path without a route is 404, and a method that the route does not have is 405 with those that it has",
        arguments: [
            ("GET /nothing", "404 Not Found", nil),
            ("GET /metrics/", "404 Not Found", nil),
            ("GET /%6Detrics", "404 Not Found", nil),
            ("GET //metrics", "404 Not Found", nil),
            ("GET /../metrics", "404 Not Found", nil),
            ("GET /nothing/../metrics", "404 Not Found", nil),
            ("GET /%2e%2e/%2e%2e/etc/passwd", "404 Not Found", nil),
            ("GET /..\\metrics", "404 Not Found", nil),
            ("GET /metrics%00", "404 Not Found", nil),
            ("GET /metrics;a", "404 Not Found", nil),
            ("GET /METRICS", "404 Not Found", nil),
            ("OPTIONS /nothing", "404 Not Found", nil),
            ("POST /metrics", "405 Method Not Allowed", "GET, HEAD"),
            ("OPTIONS /metrics", "405 Method Not Allowed", "GET, HEAD"),
            ("TRACE /metrics", "405 Method Not Allowed", "GET, HEAD"),
            ("PROPFIND /metrics", "405 Method Not Allowed", "GET, HEAD"),
            ("HEAD /reload", "405 Method Not Allowed", "POST"),
            ("DELETE /reload", "405 Method Not Allowed", "POST"),
        ] as [(String, String, String?)]
    )
    func routing(line: String, status: String, allow: String?) throws {
        let connection = try ConnectionHarness()
        try connection.send("\(line) HTTP/1.1\r\nHost: a\r\n\r\n")
        let output = try connection.output()
        #expect(output.hasPrefix("HTTP/1.1 \(status)\r\n"))
        #expect(output.contains("\r\nAllow: ") == (allow != nil))
        if let allow { #expect(output.contains("\r\nAllow: \(allow)\r\n")) }
        #expect(connection.isOpen)
    }

    @Test(
        "whether the connection stays open follows the version and what the peer says",
        arguments: [
            ("HTTP/1.1", "", true, nil),
            ("HTTP/1.1", "Connection: close\r\n", false, "close"),
            ("HTTP/1.1", "Connection: x, CLOSE\r\n", false, "close"),
            ("HTTP/1.0", "", false, "close"),
            ("HTTP/1.0", "Connection: keep-alive\r\n", true, "keep-alive"),
            ("HTTP/1.1", "Connection: upgrade\r\nUpgrade: h2c\r\n", false, "close"),
        ] as [(String, String, Bool, String?)]
    )
    func keepAlive(version: String, lines: String, isOpen: Bool, answer: String?) throws {
        let connection = try ConnectionHarness()
        try connection.send("GET /metrics \(version)\r\nHost: a\r\n\(lines)\r\n")
        connection.answer()
        let output = try connection.output()
        #expect(output.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(output.contains("\r\nConnection: ") == (answer != nil))
        if let answer { #expect(output.contains("\r\nConnection: \(answer)\r\n")) }
        #expect(connection.isOpen == isOpen)
    }

    @Test(
        "a sound request is read whole, however its bytes arrive",
        arguments: [
            ("Content-Length: 5", "hello", "hello"),
            ("content-length: 005", "hello", "hello"),
            ("Content-Length: 0", "", ""),
            ("X: y", "", ""),
            ("Transfer-Encoding: chunked", "0\r\n\r\n", ""),
            ("Transfer-Encoding: CHUNKED", "5\r\nhello\r\n0\r\n\r\n", "hello"),
            ("Transfer-Encoding:\tchunked", "2;a=\"b\"\r\nhe\r\n00003\r\nllo\r\n0\r\nA: b\r\n\r\n", "hello"),
        ],
        [1, 3, 1000]
    )
    func bodies(request: (lines: String, body: String, content: String), size: Int) throws {
        let connection = try ConnectionHarness()
        let text = "\r\nPOST /reload HTTP/1.1\r\nHost: a\r\n\(request.lines)\r\n\r\n\(request.body)"
        try connection.send(text, inPiecesOf: size)
        let body = try #require(connection.exchanges.first?.request.body)
        #expect(String(decoding: body, as: UTF8.self) == request.content)
    }

    @Test(
        "the host may be a name or an address, and a URL may stand for a path",
        arguments: [
            ("Host: a.example:10300", "/metrics"),
            ("Host: [::1]:10300", "/metrics"),
            ("Host: 127.0.0.1:", "/metrics"),
            ("Host: \ta \t", "/metrics"),
            ("Host: A", "http://a/metrics"),
            ("Host: a:1", "HTTPS://A:1/metrics"),
        ]
    )
    func hosts(line: String, target: String) throws {
        let connection = try ConnectionHarness()
        try connection.send("GET \(target) HTTP/1.1\r\n\(line)\r\n\r\n")
        #expect(connection.exchanges.first?.request.path == "/metrics")
    }

    @Test("HTTP/1.0 needs no host")
    func noHost() throws {
        let connection = try ConnectionHarness()
        try connection.send("GET http://a/metrics?b HTTP/1.0\r\n\r\n")
        #expect(connection.exchanges.first?.request.path == "/metrics")
        #expect(connection.exchanges.first?.request.query == "b")
    }

    @Test("a head and a body of just the limits are taken")
    func atTheLimits() throws {
        var limits = ServerLimits.standard
        limits.maximumBodyBytes = 10
        limits.maximumURIBytes = 20
        let head = "POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"
        limits.maximumHeadBytes = head.utf8.count
        let connection = try ConnectionHarness(limits: limits)
        try connection.send(head + "0123456789")
        #expect(connection.exchanges.count == 1)
        limits.maximumHeadBytes -= 1
        let other = try ConnectionHarness(limits: limits)
        try other.send(head)
        #expect(try other.statusLine() == "HTTP/1.1 431 Request Header Fields Too Large")
    }

    @Test("pipelined requests are handled one at a time and answered in order")
    func pipelining() throws {
        let connection = try ConnectionHarness()
        let requests = (0..<100).map { number in
            let target = number % 3 == 0 ? "/nothing" : "/metrics?\(number)"
            return "GET \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nG"
        }
        try connection.send(requests.joined())
        for number in (0..<100).filter({ $0 % 3 != 0 }) {
            #expect(connection.exchanges.last?.request.query == "\(number)")
            let body = Array("[\(number)]".utf8)
            connection.answer(.init(status: 200, contentType: "text/plain", body: body))
            #expect(connection.exchanges.count <= number + 1)
        }
        let answers = try connection.output().split(separator: "HTTP/1.1 ").map { part in
            part.hasPrefix("404") ? "404" : String(part.split(separator: "\r\n\r\n").last ?? "")
        }
        #expect(answers == (0..<100).map { $0 % 3 == 0 ? "404" : "[\($0)]" })
        #expect(connection.isOpen)
    }

    @Test("after a chunked body the connection is closed, and nothing behind it is read as a request")
    func afterChunks() throws {
        let connection = try ConnectionHarness()
        let post = "POST /reload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        try connection.send(post + get + get)
        connection.answer()
        #expect(try connection.output().contains("\r\nConnection: close\r\n"))
        #expect(connection.exchanges.count == 1)
        #expect(!connection.isOpen)
    }

    @Test("a peer that waits for word before its body gets it")
    func expectation() throws {
        let connection = try ConnectionHarness()
        try connection.send("POST /reload HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n")
        #expect(try connection.output() == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send("hi")
        connection.answer()
        #expect(try connection.statusLine() == "HTTP/1.1 200 OK")
        #expect(connection.isOpen)
    }

    @Test(
        "a peer that waits for word gets none where its body is too large, empty, or its version knows no such word",
        arguments: [
            ("1.1", 2_000_000, "HTTP/1.1 413 Payload Too Large"), ("1.1", 0, "HTTP/1.1 200 OK"),
            ("1.0", 0, "HTTP/1.1 200 OK"),
        ]
    )
    func noContinue(version: String, length: Int, status: String) throws {
        let connection = try ConnectionHarness()
        try connection.send(
            "POST /reload HTTP/\(version)\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n"
        )
        connection.answer()
        #expect(try connection.statusLine() == status)
    }

    @Test(
        "an answer whose fields could be taken for something else is not sent",
        arguments: [
            ("X", "a\r\nSet-Cookie: b"), ("X", "a\nb"), ("X", "a\0"), ("X\r\nY", "a"), ("X Y", "a"), ("", "a"),
            ("X:", "a"), ("Content-Length", "1"), ("transfer-encoding", "chunked"), ("date", "x"),
            ("Connection", "keep-alive"),
        ]
    )
    func splitting(name: String, value: String) throws {
        let connection = try ConnectionHarness()
        try connection.send(get)
        connection.answer(.init(status: 200, contentType: "text/plain", headers: [(name, value)], body: []))
        #expect(try connection.statusLine() == "HTTP/1.1 500 Internal Server Error")
        #expect(connection.responses == ["metrics 500"])
    }

    @Test("an answer to a connection that is gone goes nowhere")
    func gone() throws {
        let connection = try ConnectionHarness()
        try connection.send(get)
        try connection.channel.close().wait()
        connection.answer()
        #expect(connection.responses.isEmpty)
    }

    @Test("a peer that ends its side is still answered, also what it had pipelined")
    func halfClosed() throws {
        let connection = try ConnectionHarness()
        try connection.send(get + get)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        connection.answer()
        #expect(connection.isOpen)
        connection.answer()
        #expect(try connection.output().split(separator: "HTTP/1.1 200 OK").count == 2)
        #expect(connection.exchanges.count == 2)
        #expect(!connection.isOpen)
    }

    @Test(
        "a peer that ends its side in the middle of a request is left",
        arguments: ["GET /m", "POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello"]
    )
    func truncated(text: String) throws {
        let connection = try ConnectionHarness()
        try connection.send(text)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(try connection.output().isEmpty)
        #expect(!connection.isOpen)
    }

    @Test("a flood of requests behind one that is being answered ends the connection at some size")
    func flood() throws {
        let connection = try ConnectionHarness()
        try connection.send(get)
        let piece = String(repeating: get, count: 1000)
        var sent = 0
        while connection.isOpen, sent < 10_000_000 {
            try connection.send(piece)
            sent += piece.utf8.count
        }
        #expect(!connection.isOpen)
        #expect(sent < 1_200_000)
        #expect(connection.exchanges.count == 1)
    }
}
