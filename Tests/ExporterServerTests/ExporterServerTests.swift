import ExporterServer
import Logging
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExporterServerTests {
    private static let get = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"

    private static let metrics = Route(path: "/metrics", handler: "metrics") { request in
        .text(200, "\(request.query ?? "none") from \(request.remoteAddress), \(request.isLoopback)")
    }

    private static let echo = Route(path: "/reload", handler: "reload", methods: ["POST"]) { request in
        ServerResponse(status: 200, contentType: "text/plain", body: request.body)
    }

    @Test("requests over one connection are answered in order, HEAD without a body")
    func keepAlive() async throws {
        try await RunningServer.run(routes: [Self.metrics, Self.echo]) { server in
            try await RawConnection.open(to: server.address) { connection in
                try await connection.send(Self.get)
                let first = try #require(try await connection.readResponse())
                #expect(first.status == 200)
                #expect(first.body == "none from 127.0.0.1, true\n")
                try await connection.send("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                let head = try #require(try await connection.readResponse(hasBody: false)?.head)
                // But for the date, which may be a second later.
                #expect(
                    head.split(separator: "\r\n").filter { !$0.hasPrefix("Date: ") }
                        == first.head.split(separator: "\r\n").filter { !$0.hasPrefix("Date: ") }
                )
                try await connection.send("POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
                try await connection.send("llo")
                #expect(try await connection.readResponse()?.body == "hello")
                try await connection.send("GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(try await connection.readResponse()?.status == 404)
                #expect(try await connection.readToEnd() == "")
            }
            #expect(server.responses.all == ["metrics 200", "metrics 200", "reload 200", "none 404"])
        }
    }

    @Test("a hundred pipelined requests are answered in order")
    func pipelining() async throws {
        try await RunningServer.run(routes: [Self.metrics]) { server in
            let requests = (0..<100).map { "GET /metrics?\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
            try await RawConnection.open(to: server.address) { connection in
                try await connection.send(requests.joined())
                connection.finish()
                for number in 0..<100 {
                    #expect(try await connection.readResponse()?.body == "\(number) from 127.0.0.1, true\n")
                }
                #expect(try await connection.readToEnd() == "")
            }
        }
    }

    @Test("a refusal reaches the peer although not all was read", arguments: MalformedRequest.all)
    func refusal(_ request: MalformedRequest) async throws {
        try await RunningServer.run(routes: [Self.metrics, Self.echo]) { server in
            let answer = try await RawConnection.exchange(request.text, with: server.address)
            #expect(answer.hasPrefix("HTTP/1.1 \(request.status) "))
            #expect(answer.split(separator: "HTTP/1.1 ").count == 1)
            #expect(server.responses.all == ["none \(request.status)"])
        }
    }

    @Test("a large answer arrives whole")
    func large() async throws {
        let text = String(repeating: "0123456789abcdef", count: 1 << 18)
        let route = Route(path: "/metrics", handler: "metrics") { _ in
            ServerResponse(status: 200, contentType: "text/plain", body: Array(text.utf8))
        }
        try await RunningServer.run(routes: [route]) { server in
            let request = "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let answer = try await RawConnection.exchange(request, with: server.address)
            #expect(answer.hasSuffix("\r\n\r\n\(text)"))
        }
    }

    @Test("a handler that does not return holds nobody else up, nor does a peer that leaves it")
    func stuck() async throws {
        let started = Event()
        let released = Event()
        let stuck = Route(path: "/stuck", handler: "stuck") { _ in
            started.happen()
            await released.wait()
            return .text(200, "late")
        }
        try await RunningServer.run(routes: [stuck, Self.metrics]) { server in
            try await RawConnection.open(to: server.address) { connection in
                try await connection.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n")
                await started.wait()
            }
            try await RawConnection.open(to: server.address) { connection in
                try await connection.send(Self.get)
                #expect(try await connection.readResponse()?.status == 200)
            }
            released.happen()
        }
    }

    @Test("at a shutdown an answer in progress is completed and idle connections are closed at once")
    func drain() async throws {
        let started = Event()
        let released = Event()
        let slow = Route(path: "/slow", handler: "slow") { _ in
            started.happen()
            await released.wait()
            return .text(200, "done")
        }
        try await RunningServer.run(routes: [slow, Self.metrics]) { server in
            try await RawConnection.open(to: server.address) { idle in
                try await idle.send(Self.get)
                #expect(try await idle.readResponse()?.status == 200)
                try await RawConnection.open(to: server.address) { busy in
                    try await busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
                    await started.wait()
                    await server.shutDown()
                    #expect(try await idle.readToEnd() == "")
                    released.happen()
                    let response = try #require(try await busy.readResponse())
                    #expect(response.body == "done\n")
                    #expect(response.head.hasSuffix("\r\nConnection: close"))
                    #expect(try await busy.readToEnd() == "")
                }
            }
        }
    }

    @Test("a handler that is still at work when the time to drain is over is cancelled")
    func drainTimeout() async throws {
        let started = Event()
        let never = Event()
        let stuck = Route(path: "/stuck", handler: "stuck") { _ in
            started.happen()
            await never.wait()
            return .text(200, "cancelled")
        }
        var limits = ServerLimits.standard
        limits.drainTimeout = .milliseconds(20)
        try await RunningServer.run(routes: [stuck], limits: limits) { server in
            try await RawConnection.open(to: server.address) { connection in
                try await connection.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n")
                await started.wait()
                await server.shutDown()
                _ = try await connection.readToEnd()
            }
        }
    }

    @Test("at the cap the connection that has waited longest is closed for a new one")
    func eviction() async throws {
        var limits = ServerLimits.standard
        limits.maximumConnections = 2
        try await RunningServer.run(routes: [Self.metrics], limits: limits) { server in
            try await RawConnection.open(to: server.address) { first in
                try await first.send(Self.get)
                _ = try await first.readResponse()
                try await RawConnection.open(to: server.address) { second in
                    try await second.send(Self.get)
                    _ = try await second.readResponse()
                    // Now the second one has waited longer.
                    try await first.send(Self.get)
                    _ = try await first.readResponse()
                    try await RawConnection.open(to: server.address) { third in
                        #expect(try await second.readToEnd() == "")
                        try await third.send(Self.get)
                        #expect(try await third.readResponse()?.status == 200)
                        try await first.send(Self.get)
                        #expect(try await first.readResponse()?.status == 200)
                    }
                }
            }
        }
    }

    @Test("where every connection is busy a new one is told so")
    func full() async throws {
        let started = Event()
        let released = Event()
        let slow = Route(path: "/slow", handler: "slow") { _ in
            started.happen()
            await released.wait()
            return .text(200, "done")
        }
        var limits = ServerLimits.standard
        limits.maximumConnections = 1
        limits.answerTimeout = .hours(1)
        try await RunningServer.run(routes: [slow], limits: limits) { server in
            try await RawConnection.open(to: server.address) { busy in
                try await busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
                await started.wait()
                let answer = try await RawConnection.open(to: server.address) { try await $0.readToEnd() }
                #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
                released.happen()
                #expect(try await busy.readResponse()?.status == 200)
            }
        }
    }

    @Test("a socket for every address takes both versions of IP and shows an IPv4 peer as one")
    func everyAddress() async throws {
        try await RunningServer.run(routes: [Self.metrics], listen: ":0") { server in
            let port = try #require(server.address.port)
            let peer = try SocketAddress(ipAddress: "127.0.0.1", port: port)
            try await RawConnection.open(to: peer) { connection in
                try await connection.send(Self.get)
                #expect(try await connection.readResponse()?.body == "none from 127.0.0.1, true\n")
            }
        }
    }

    @Test("a listening socket that something else closes ends the server with an error", arguments: [true, false])
    func listenerClosed(isClosedBefore: Bool) async throws {
        let address = try ListenAddress(parsing: "127.0.0.1:0")
        let bound = try await BoundServer.bind([address], group: .singletonMultiThreadedEventLoopGroup)
        if isClosedBefore { await bound.close() }
        let closing = Route(path: "/close", handler: "close") { _ in
            await bound.close()
            return .text(200, "closed")
        }
        let logger = Logger(label: "server") { _ in SwiftLogNoOpLogHandler() }
        let server = ExporterServer(bound: bound, routes: [closing], logger: logger)
        async let ended: ServerError? = #expect(throws: ServerError.self) { try await server.run() }
        if !isClosedBefore, let peer = bound.addresses.first {
            _ = try await RawConnection.exchange("GET /close HTTP/1.1\r\nHost: a\r\n\r\n", with: peer)
        }
        let error = await ended
        #expect(error?.description == "listen on 127.0.0.1:0: the socket was closed")
    }
}
