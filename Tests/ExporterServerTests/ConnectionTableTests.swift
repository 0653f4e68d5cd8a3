import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import ExporterServer

@Suite struct ConnectionTableTests {
    @Test("at the cap the connection that has waited longest makes room")
    func eviction() throws {
        var table = ConnectionTable<String>(capacity: 3)
        let a = try #require(table.admit("a").id)
        let b = try #require(table.admit("b").id)
        _ = table.admit("c")
        table.works(a)
        table.works(b)
        table.waits(a)
        // c has waited since it came, a since a moment ago, and b has work.
        #expect(table.admit("d").loser == "c")
        #expect(table.admit("e").loser == "a")
        table.waits(b)
        #expect(table.admit("f").loser == "d")
        #expect(table.connections.sorted() == ["b", "e", "f"])
    }

    @Test("waiting on does not make a connection younger")
    func waitingOn() throws {
        var table = ConnectionTable<String>(capacity: 2)
        let a = try #require(table.admit("a").id)
        _ = table.admit("b")
        table.waits(a)
        #expect(table.admit("c").loser == "a")
    }

    @Test("where nobody waits a new connection is refused")
    func refusal() throws {
        var table = ConnectionTable<String>(capacity: 1)
        let a = try #require(table.admit("a").id)
        table.works(a)
        #expect(table.admit("b").id == nil)
        table.remove(a)
        #expect(table.isEmpty)
        #expect(table.admit("c").id != nil)
    }

    @Test("the connection that loses its place is closed, one with work is not, and then a new one gets 503")
    func connections() throws {
        var limits = ServerLimits.standard
        limits.maximumConnections = 1
        let registry = ConnectionRegistry(capacity: 1) {}
        let first = try ConnectionHarness(limits: limits, registry: registry)
        let second = try ConnectionHarness(limits: limits, registry: registry)
        #expect(!first.isOpen)
        try second.send("POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
        let third = try ConnectionHarness(limits: limits, registry: registry)
        #expect(try third.statusLine() == "HTTP/1.1 503 Service Unavailable")
        #expect(!third.isOpen)
        try second.send("1")
        second.answer()
        #expect(try second.statusLine() == "HTTP/1.1 200 OK")
        let fourth = try ConnectionHarness(limits: limits, registry: registry)
        #expect(!second.isOpen)
        #expect(fourth.isOpen)
    }

    @Test("a drained server closes what waits, finishes what works, and admits nobody")
    func drain() throws {
        let isDrained = Mutex(false)
        let registry = ConnectionRegistry(capacity: 10) { isDrained.withLock { $0 = true } }
        let idle = try ConnectionHarness(registry: registry)
        let partial = try ConnectionHarness(registry: registry)
        try partial.send("GET /metr")
        let uploading = try ConnectionHarness(registry: registry)
        try uploading.send("POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
        let answering = try ConnectionHarness(registry: registry)
        try answering.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        registry.drain()
        #expect(!idle.isOpen)
        #expect(!partial.isOpen)
        var isOver = isDrained.withLock { $0 }
        #expect(!isOver)
        try uploading.send("1")
        for connection in [uploading, answering] {
            connection.answer()
            let output = try connection.output()
            #expect(output.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(output.contains("\r\nConnection: close\r\n"))
            #expect(!connection.isOpen)
        }
        for connection in [idle, partial] { connection.advance(by: .zero) }
        isOver = isDrained.withLock { $0 }
        #expect(isOver)
        guard case .draining = registry.admit(EmbeddedChannel()) else {
            Issue.record("a drained server admitted a connection")
            return
        }
    }
}

extension ConnectionTable.Admission {
    fileprivate var id: ConnectionTable.ID? {
        switch self {
        case .admitted(let id), .admittedInsteadOf(let id, _): id
        case .refused: nil
        }
    }

    fileprivate var loser: Connection? {
        switch self {
        case .admittedInsteadOf(_, let loser): loser
        case .admitted, .refused: nil
        }
    }
}
