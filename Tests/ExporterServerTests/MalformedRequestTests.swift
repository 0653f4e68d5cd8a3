import Testing

@testable import ExporterServer

@Suite struct MalformedRequestTests {
    @Test("a request that is not sound is refused and its connection closed", arguments: MalformedRequest.all)
    func refused(_ request: MalformedRequest) throws {
        let connection = try ConnectionHarness()
        try connection.send(request.text)
        try expectRefusal(of: request, by: connection)
    }

    @Test("a refusal does not depend on how the bytes arrive", arguments: MalformedRequest.all)
    func refusedByteByByte(_ request: MalformedRequest) throws {
        let connection = try ConnectionHarness()
        // The large ones arrive in pieces of an odd size.
        if request.text.utf8.count < 10_000 {
            try connection.sendByteByByte(request.text)
        } else {
            try connection.send(request.text, inPiecesOf: 1021)
        }
        try expectRefusal(of: request, by: connection)
    }

    @Test("a refusal comes before the path is looked at")
    func unknownPath() throws {
        let connection = try ConnectionHarness()
        try connection.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n")
        #expect(try connection.statusLine() == "HTTP/1.1 413 Payload Too Large")
    }

    @Test("what follows a refused request is never read as a request")
    func nothingAfterwards() throws {
        let connection = try ConnectionHarness()
        let second = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
        try connection.send("GET /metrics HTTP/1.1\r\n\r\n" + second)
        #expect(try connection.output().components(of: "HTTP/1.1 ") == ["400 Bad Request"])
        #expect(connection.exchanges.isEmpty)
    }

    private func expectRefusal(of request: MalformedRequest, by connection: ConnectionHarness) throws {
        let output = try connection.output()
        #expect(output.components(of: "HTTP/1.1 ").map { Int($0.prefix(3)) } == [request.status])
        #expect(output.contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
        #expect(connection.exchanges.isEmpty)
        #expect(connection.responses == ["none \(request.status)"])
    }
}

extension String {
    /// The rest of each line that begins with `prefix`.
    fileprivate func components(of prefix: String) -> [String] {
        split(whereSeparator: \.isNewline).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
