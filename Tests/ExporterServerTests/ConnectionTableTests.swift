import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import ExporterServer

@Suite struct ConnectionTableTests {
    @Test("at the cap the connection that has waited longest makes room")
    func eviction() throws {
        var table = ConnectionTable<String>(capacity: 3, maximumHeldBytes: 0)
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

    @Test("a body for which there is no room takes that of the connections that have waited longest for their peers")
    func heldBytes() throws {
        var table = ConnectionTable<String>(capacity: 10, maximumHeldBytes: 100)
        let ids = try ["a", "b", "c", "d"].map { try #require(table.admit($0).id) }
        for id in ids { #expect(table.holds(25, id).isEmpty) }
        table.works(ids[0])
        #expect(table.holds(26, ids[1]) == ["c"])
        #expect(table.holds(50, ids[1]).isEmpty)
        #expect(table.holds(51, ids[1]) == ["d"])
        // Nobody is left who could lose, and what one holds is not judged here.
        #expect(table.holds(1000, ids[1]).isEmpty)
        table.remove(ids[1])
        let e = try #require(table.admit("e").id)
        #expect(table.holds(75, e).isEmpty)
        table.waits(ids[0])
        #expect(table.holds(76, e) == ["a"])
        // The places are lost for good.
        #expect(table.holds(1000, ids[3]).isEmpty)
        #expect(table.connections == ["e"])
    }

    @Test("who holds much loses its place first, however long others have waited, and who holds nothing makes no room")
    func large() throws {
        var table = ConnectionTable<String>(capacity: 3, maximumHeldBytes: 400_000)
        _ = try #require(table.admit("idle").id)
        let b = try #require(table.admit("b").id)
        let c = try #require(table.admit("c").id)
        #expect(table.holds(200_000, b).isEmpty)
        #expect(table.holds(200_001, c) == ["b"])
        let d = try #require(table.admit("d").id)
        #expect(table.admit("e").loser == "c")
        #expect(table.holds(100, d).isEmpty)
        #expect(table.admit("f").loser == "idle")
    }

    @Test("where every connection has a request that is being answered a new one is refused")
    func refusal() throws {
        var table = ConnectionTable<String>(capacity: 1, maximumHeldBytes: 0)
        let a = try #require(table.admit("a").id)
        table.works(a)
        #expect(table.admit("b").id == nil)
        table.remove(a)
        #expect(table.isEmpty)
        #expect(table.admit("c").id != nil)
    }

    @Test(
        "a connection whose peer does not go on loses its place",
        arguments: [
            "", "GET /metr", "POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhalf",
            "POST /reload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf",
        ]
    )
    func peerThatStops(text: String) throws {
        var limits = ServerLimits.standard
        limits.maximumConnections = 1
        let registry = ConnectionRegistry(limits: limits) {}
        let first = try ConnectionHarness(limits: limits, registry: registry)
        try first.send(text)
        let second = try ConnectionHarness(limits: limits, registry: registry)
        #expect(!first.isOpen)
        #expect(second.isOpen)
    }

    @Test("bodies, answers and what is sent ahead count, and what is done with does not")
    func held() throws {
        var limits = ServerLimits.standard
        limits.maximumHeldBytes = 250
        let registry = ConnectionRegistry(limits: limits) {}
        let post = "POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
        let hundred = String(repeating: "1", count: 100)
        let body = try ConnectionHarness(limits: limits, registry: registry)
        try body.send(post + hundred.dropLast())
        let ahead = try ConnectionHarness(limits: limits, registry: registry)
        try ahead.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" + hundred)
        let answered = try ConnectionHarness(limits: limits, registry: registry)
        for _ in 0..<3 {
            try answered.send(post + hundred)
            answered.answer(.text(200, String(hundred.dropLast())))
        }
        #expect(!body.isOpen)
        #expect(ahead.isOpen)
        #expect(answered.isOpen)
    }

    @Test("the connection that loses its place is closed, one with work is not, and then a new one gets 503")
    func connections() throws {
        var limits = ServerLimits.standard
        limits.maximumConnections = 1
        let registry = ConnectionRegistry(limits: limits) {}
        let first = try ConnectionHarness(limits: limits, registry: registry)
        let second = try ConnectionHarness(limits: limits, registry: registry)
        #expect(!first.isOpen)
        try second.send("POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1")
        let third = try ConnectionHarness(limits: limits, registry: registry)
        #expect(try third.statusLine() == "HTTP/1.1 503 Service Unavailable")
        #expect(!third.isOpen)
        second.answer()
        #expect(try second.statusLine() == "HTTP/1.1 200 OK")
        let fourth = try ConnectionHarness(limits: limits, registry: registry)
        #expect(!second.isOpen)
        #expect(fourth.isOpen)
    }

    @Test("a drained server closes what waits, finishes what works, and admits nobody")
    func drain() throws {
        let isDrained = Mutex(false)
        let registry = ConnectionRegistry(limits: .standard) { isDrained.withLock { $0 = true } }
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
