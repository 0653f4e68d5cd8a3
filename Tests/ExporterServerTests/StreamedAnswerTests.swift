import ExporterServer
import Testing

@Suite("answers that go on", .timeLimit(.minutes(1))) struct StreamedAnswerTests {
    /// A route whose answer is what a test sends.
    private struct Source: Sendable {
        let stream: AsyncStream<[UInt8]>
        let continuation: AsyncStream<[UInt8]>.Continuation
        let ended = Event()

        init() {
            (stream, continuation) = AsyncStream.makeStream()
            continuation.onTermination = { [ended] _ in ended.happen() }
        }

        func send(_ text: String) { continuation.yield(Array(text.utf8)) }

        var route: Route {
            Route(path: "/events", handler: "events") { [stream] _ in
                var response = ServerResponse(status: 200, contentType: "text/event-stream", body: [])
                response.pieces = stream
                return response
            }
        }
    }

    @Test(
        "come in pieces, and end the connection",
        arguments: [
            ("GET /events HTTP/1.1", "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"), ("GET /events HTTP/1.0", "onetwo"),
            ("HEAD /events HTTP/1.1", ""), ("HEAD /events HTTP/1.0", ""),
        ]
    )
    func pieces(request: String, body: String) async throws {
        let source = Source()
        source.send("one")
        source.send("two")
        source.continuation.finish()
        try await RunningServer.run(routes: [source.route]) { server in
            let answer = try await RawConnection.exchange("\(request)\r\nHost: a\r\n\r\n", with: server.address)
            #expect(answer.lowercased().contains("connection: close\r\n"))
            #expect(answer.firstRange(of: "\r\n\r\n").map { String(answer[$0.upperBound...]) } == body)
        }
    }

    @Test("end at a shutdown, though their source would go on")
    func shutdown() async throws {
        let source = Source()
        try await RunningServer.run(routes: [source.route]) { server in
            try await RawConnection.open(to: server.address) { connection in
                try await connection.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await connection.readResponse(hasBody: false)
                await server.shutDown()
                #expect(try await connection.readToEnd().hasSuffix("0\r\n\r\n"))
            }
            await source.ended.wait()
        }
    }
}
