import ExporterConfiguration
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Probing

@Suite("HTTP connection between exchanges")
struct HTTPConnectionHandlerTests {
    @Test("it waits in the pool for 1 second, and is closed then")
    func idleLimit() throws {
        #expect(ConnectionReuse.idleLimit == .seconds(1))
        let connection = try ConnectionUnderTest(idleLimit: ConnectionReuse.idleLimit)
        for _ in 0..<3 {
            try connection.answer()
            connection.loop.advanceTime(by: .milliseconds(999))
            let pooled = try #require(connection.pool.take())
            connection.begin(over: pooled)
            connection.loop.advanceTime(by: .seconds(2))
            #expect(connection.channel.isActive)
        }
        try connection.answer()
        connection.loop.advanceTime(by: .seconds(1))
        #expect(connection.pool.take() == nil)
        #expect(!connection.channel.isActive)
    }

    @Test(
        "one that is taken, and turns out to be closed or too old, is closed without being asked",
        arguments: [true, false]
    )
    func gone(_ isClosed: Bool) throws {
        let connection = try ConnectionUnderTest(idleLimit: isClosed ? .hours(1) : .zero)
        try connection.answer()
        let pooled = try #require(connection.pool.take())
        if isClosed { connection.channel.pipeline.close(promise: nil) }
        let answer = connection.begin(over: pooled)
        let error = #expect(throws: HTTPExchangeFailure.self) { try answer.wait() }
        #expect(error?.lacksConnection == true)
        #expect(try connection.requests == 1)
        #expect(!connection.channel.isActive)
        #expect(connection.pool.take() == nil)
    }

    @Test("one that the service closes is not in the pool any more")
    func closedByService() throws {
        let connection = try ConnectionUnderTest(idleLimit: .hours(1))
        try connection.answer()
        connection.channel.pipeline.close(promise: nil)
        #expect(connection.pool.take() == nil)
    }
}

/// A connection whose time stands still, and which has been asked once.
private struct ConnectionUnderTest {
    let pool: HTTPConnectionPool
    let channel = EmbeddedChannel()
    private let handler: HTTPConnectionHandler

    init(idleLimit: TimeAmount) throws {
        pool = HTTPConnectionPool(idleLimit: idleLimit)
        let fresh = HTTPConnectionOrigin.FreshConnection(
            peer: "10.0.0.1:80",
            isSecure: false,
            isCold: false,
            startedAt: .now(),
            connectingAt: .now()
        )
        let exchange = channel.exchange(over: .fresh(fresh))
        handler = HTTPConnectionHandler(clock: ArrivalClock(), pool: pool, exchange: exchange)
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(ipAddress: "10.0.0.1", port: 80)).wait()
    }

    var loop: EmbeddedEventLoop { channel.embeddedEventLoop }

    /// How many requests have been written so far.
    var requests: Int {
        get throws {
            var count = 0
            while let part = try channel.readOutbound(as: HTTPClientRequestPart.self) {
                if case .head = part { count += 1 }
            }
            return count
        }
    }

    /// Gives a whole answer to what was asked last.
    func answer() throws {
        handler.bytesArrived()
        let head = HTTPResponseHead(version: .http1_1, status: .noContent)
        try channel.writeInbound(HTTPClientResponsePart.head(head))
        try channel.writeInbound(HTTPClientResponsePart.end(nil))
    }

    @discardableResult
    func begin(over pooled: HTTPConnection) -> EventLoopFuture<HTTPAnswer> {
        let exchange = channel.exchange(over: .pooled)
        pooled.begin(exchange)
        loop.run()
        return exchange.promise.futureResult
    }
}

extension EmbeddedChannel {
    fileprivate func exchange(over origin: HTTPConnectionOrigin) -> HTTPExchange {
        HTTPExchange(
            head: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"),
            machine: HTTPExchangeStateMachine(over: origin),
            deadline: embeddedEventLoop.now + .hours(1),
            promise: embeddedEventLoop.makePromise()
        )
    }
}
