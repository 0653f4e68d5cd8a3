import NIOCore
import NIOEmbedded
import Testing

@testable import ExporterServer

@Suite struct ConnectionDeadlineTests {
    private let get = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("a connection without a byte is closed after the time for a head")
    func silent() throws {
        let connection = try ConnectionHarness()
        connection.advance(by: .milliseconds(4999))
        #expect(connection.isOpen)
        connection.advance(by: .milliseconds(1))
        #expect(!connection.isOpen)
        #expect(try connection.output().isEmpty)
    }

    @Test("a first head has its time from the acceptance, however its bytes drip")
    func firstHead() throws {
        let connection = try ConnectionHarness()
        for byte in "GET /" {
            connection.advance(by: .milliseconds(999))
            try connection.send(String(byte))
        }
        #expect(connection.isOpen)
        connection.advance(by: .milliseconds(5))
        #expect(try connection.statusLine() == "HTTP/1.1 408 Request Timeout")
        #expect(!connection.isOpen)
    }

    @Test("a later head has its time from its first byte")
    func laterHead() throws {
        let connection = try ConnectionHarness()
        try connection.send(get)
        connection.answer()
        _ = try connection.output()
        connection.advance(by: .seconds(59))
        try connection.send("\r\nG")
        connection.advance(by: .milliseconds(4999))
        #expect(connection.isOpen)
        connection.advance(by: .milliseconds(1))
        #expect(try connection.statusLine() == "HTTP/1.1 408 Request Timeout")
    }

    @Test("an idle connection is closed without a word after its time")
    func idle() throws {
        let connection = try ConnectionHarness()
        try connection.send(get)
        connection.answer()
        _ = try connection.output()
        try connection.send("\r\n\r\n")
        connection.advance(by: .milliseconds(59_999))
        #expect(connection.isOpen)
        connection.advance(by: .milliseconds(1))
        #expect(!connection.isOpen)
        #expect(try connection.output().isEmpty)
    }

    @Test(
        "a body has its time from the end of its head",
        arguments: ["Content-Length: 5", "Transfer-Encoding: chunked"]
    )
    func body(line: String) throws {
        let connection = try ConnectionHarness()
        connection.advance(by: .milliseconds(4999))
        try connection.send("POST /reload HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n1")
        connection.advance(by: .milliseconds(9999))
        #expect(connection.isOpen)
        connection.advance(by: .milliseconds(1))
        #expect(try connection.statusLine() == "HTTP/1.1 408 Request Timeout")
        #expect(!connection.isOpen)
    }

    @Test("a handler may take its time")
    func answering() throws {
        let connection = try ConnectionHarness()
        try connection.send(get)
        connection.advance(by: .hours(1))
        connection.answer()
        #expect(try connection.statusLine() == "HTTP/1.1 200 OK")
    }

    @Test("a request that is answered keeps the place of its connection for its time, and may lose it then")
    func longAnswer() throws {
        var limits = ServerLimits.standard
        limits.maximumConnections = 1
        let registry = ConnectionRegistry(limits: limits) {}
        let long = try ConnectionHarness(limits: limits, registry: registry)
        try long.send(get)
        long.advance(by: .milliseconds(4999))
        let refused = try ConnectionHarness(limits: limits, registry: registry)
        #expect(try refused.statusLine() == "HTTP/1.1 503 Service Unavailable")
        long.advance(by: .milliseconds(1))
        #expect(long.isOpen)
        let admitted = try ConnectionHarness(limits: limits, registry: registry)
        #expect(!long.isOpen)
        long.answer()
        try admitted.send(get)
        admitted.answer()
        #expect(try admitted.statusLine() == "HTTP/1.1 200 OK")
    }

    @Test("a peer that stops reading is left, one that reads slowly is not")
    func slowReader() throws {
        let connection = try ConnectionHarness()
        let socket = FullSocket()
        try connection.channel.pipeline.syncOperations.addHandler(socket, position: .first)
        try connection.send(get)
        let body = [UInt8](repeating: 0x61, count: 300 * 1024)
        connection.answer(.init(status: 200, contentType: "text/plain", body: body))
        // The head and the first piece of 64 KiB, then one after the other, and with the last one the end.
        for _ in 0..<5 {
            connection.advance(by: .milliseconds(9999))
            #expect(connection.isOpen)
            socket.release(2)
        }
        connection.advance(by: .seconds(10))
        #expect(connection.isOpen)
        connection.advance(by: .seconds(50))
        #expect(!connection.isOpen)
        let stuck = try ConnectionHarness()
        try stuck.channel.pipeline.syncOperations.addHandler(FullSocket(), position: .first)
        try stuck.send(get)
        stuck.answer()
        stuck.advance(by: .milliseconds(9999))
        #expect(stuck.isOpen)
        stuck.advance(by: .milliseconds(1))
        #expect(!stuck.isOpen)
    }
}

/// A socket whose buffer is full: writes stay until they are released.
private final class FullSocket: ChannelOutboundHandler {
    typealias OutboundIn = IOData

    private var held: [EventLoopPromise<Void>?] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        held.append(promise)
    }

    func flush(context: ChannelHandlerContext) {}

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        for promise in held { promise?.fail(ChannelError.ioOnClosedChannel) }
        held = []
        context.close(mode: mode, promise: promise)
    }

    func release(_ count: Int) {
        let released = held.prefix(count)
        held.removeFirst(released.count)
        for promise in released { promise?.succeed() }
    }
}
