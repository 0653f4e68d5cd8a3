import BenchmarkModel
import ExporterTestSupport
import Foundation
import RedisClient
import Testing

@testable import SnapshotStore

@Suite("Redis snapshot store", .timeLimit(.minutes(1)))
struct RedisSnapshotStoreTests {
    private func start() async throws -> RedisUnderTest {
        RedisUnderTest(server: try await RedisServer.start())
    }

    @Test(
        "all keys of an instance share one hash tag, whatever its name",
        arguments: [
            ("assistant-0", "{aibench:assistant-0}:state"), ("a}b{c%", "{aibench:a%7Db%7Bc%25}:state"),
            ("ü 0", "{aibench:ü 0}:state"),
        ]
    )
    func keys(instance: String, state: String) {
        let keys = RedisKeys(instance: instance)
        #expect(keys.state == state)
        for key in keys.all + keys.foreign {
            #expect(key.hasPrefix(state.dropLast("state".count)))
        }
    }

    @Test("after FLUSHALL everything can be written again, and the new session asks for it")
    func flush() async throws {
        let test = try await start()
        let store = test.connect(now: noon)
        let session = try await store.restore().session
        #expect(try await store.commit(.runs(1...1, of: "a")) == session)
        try await test.send(["FLUSHALL"])
        let next = try await store.commit(CommitBatch())
        #expect(next != session)
        #expect(try await store.commit(.runs(2...2, of: "a")) == next)
        #expect(try await test.history(of: "a") == versions(2...2))
    }

    @Test("after FLUSHALL the newest start still wins over an older process")
    func flushAndFence() async throws {
        let test = try await start()
        let older = test.connect(now: noon)
        _ = try await older.restore()
        let newer = test.connect(now: noon + 1)
        _ = try await newer.restore()
        try await test.send(["FLUSHALL"])
        _ = try await older.commit(.runs(1...8, of: "a", epoch: 9))
        _ = try await newer.commit(.runs(1...1, of: "a"))
        await #expect { try await older.commit(CommitBatch()) } throws: { ($0 as? StoreError)?.code == .fenced }
        #expect(try await test.connect(now: noon + 2).restore().states["a"] == .sample("a", sequence: 1))
    }

    @Test("a lost fence does not let an older process overwrite the states of a newer one")
    func lostFence() async throws {
        let test = try await start()
        let older = test.connect(now: noon)
        _ = try await older.restore()
        let newer = test.connect(now: noon)
        let fence = try await newer.restore().fence
        _ = try await newer.commit(.runs(1...1, of: "a"))
        try await test.send(["DEL", test.keys.fence])
        await #expect { try await older.commit(.runs(9...9, of: "a")) } throws: { ($0 as? StoreError)?.code == .fenced }
        #expect(try await test.connect(now: noon).restore().fence > fence)
    }

    @Test("the greatest fence that is believed does not make every commit a new session")
    func greatestFence() async throws {
        let test = try await start()
        try await test.send(["SET", test.keys.fence, "\(StoredValue.fenceLimit - 1)"])
        let store = test.connect(now: noon)
        let session = try await store.restore().session
        #expect(try await store.commit(.runs(1...1, of: "a")) == session)
        #expect(try await store.commit(CommitBatch()) == session)
    }

    @Test("a claim that takes effect late does not fence its own process")
    func lateClaim() async throws {
        let test = try await start()
        let store = test.connect(now: noon)
        _ = try await store.restore()
        let keys = test.keys.all + test.keys.foreign
        let reply = try await test.send(
            ["EVAL", RedisScripts.claim, "\(keys.count)"] + keys + ["1699999999999", "10000"]
        )
        #expect(reply == .array([.integer(0), .array([]), .integer(1_700_000_000_000)]))
        _ = try await store.commit(.runs(1...1, of: "a"))
    }

    @Test("a server that was killed and came back empty is a new session, in which all can be written again")
    func killed() async throws {
        let test = try await start()
        let store = test.connect(now: noon)
        let session = try await store.restore().session
        _ = try await store.commit(.runs(1...1, of: "a"))
        await test.server.process.kill()
        await #expect(throws: StoreError.self) { try await store.commit(CommitBatch()) }
        let second = try await RedisServer.start(port: test.server.port)
        #expect(try await store.commit(.runs(2...2, of: "a")) != session)
        let snapshot = try await RedisUnderTest(server: second).connect(now: noon).restore()
        #expect(snapshot.states == ["a": .sample("a", sequence: 2)])
        #expect(snapshot.acknowledged == ["a"])
    }

    @Test("what another server process acknowledged proves nothing, until it is written again")
    func anotherProcess() async throws {
        let test = try await start()
        let first = test.connect(now: noon)
        _ = try await first.restore()
        _ = try await first.commit(.runs(1...1, of: "a"))
        let stored = try await test.send(["HGET", test.keys.state, "a"]).text
        await test.server.process.kill()
        let second = RedisUnderTest(server: try await RedisServer.start())
        try await second.plant(Array(try #require(stored).utf8), as: "a")
        let store = second.connect(now: noon)
        let snapshot = try await store.restore()
        #expect(snapshot.states == ["a": .sample("a", sequence: 1)])
        #expect(snapshot.acknowledged.isEmpty)
        _ = try await store.commit(CommitBatch(states: [.sample("a", sequence: 1)]))
        #expect(try await second.connect(now: noon).restore().acknowledged == ["a"])
    }

    @Test("a server that stands still is noticed, and what it did afterwards is not done twice")
    func stalled() async throws {
        let test = try await start()
        let store = test.store(now: noon, operationTimeout: .seconds(2))
        let session = try await store.restore().session
        test.server.process.signal(SIGSTOP)
        await #expect { try await store.commit(.runs(1...1, of: "a")) } throws: { error in
            "\(error)" == "commit to redis://127.0.0.1:\(test.server.port)/0: no answer within 2.0 s"
        }
        test.server.process.signal(SIGCONT)
        #expect(try await store.commit(.runs(1...3, of: "a")) != session)
        #expect(try await test.history(of: "a") == versions(1...3))
    }

    @Test("keys of another type are moved out of the way")
    func foreignTypes() async throws {
        let test = try await start()
        try await test.send(["SET", test.keys.state, "x"])
        try await test.send(["LPUSH", test.keys.runs, "x"])
        try await test.send(["SET", test.keys.fence, "9007199254740993"])
        try await test.send(["SADD", test.keys.refused, "x"])
        let store = test.connect(now: noon)
        let snapshot = try await store.restore()
        let reason = "it is nothing that this program writes"
        let moved = [test.keys.state, test.keys.runs, test.keys.refused]
        #expect(snapshot.refused == moved.map { RefusedValue(subject: $0, reason: reason) })
        #expect(snapshot.fence == 1_700_000_000_000)
        #expect(try await test.send(["GET", test.keys.state + ":foreign"]).text == "x")
        _ = try await store.commit(.runs(1...1, of: "a"))
        #expect(try await test.history(of: "a") == versions(1...1))
    }

    @Test("a hash with more fields than benchmarks can be is moved out of the way")
    func tooManyFields() async throws {
        let test = try await start()
        let fill = "for i = 1, 10001 do redis.call('HSET', KEYS[1], i, i) end"
        try await test.send(["EVAL", fill, "1", test.keys.state])
        let refused = try await test.connect(now: noon).restore().refused
        #expect(refused.map(\.subject) == [test.keys.state])
    }

    @Test("a field whose name is no text is set aside under its own bytes")
    func binaryField() async throws {
        let test = try await start()
        let name: [UInt8] = [0xFF, 0x00, 0x0A]
        try await test.send([Array("HSET".utf8), Array(test.keys.state.utf8), name, Array("x".utf8)])
        #expect(try await test.connect(now: noon).restore().refused.map(\.reason) == ["it cannot be read as JSON"])
        #expect(try await test.send([Array("HGET".utf8), Array(test.keys.refused.utf8), name]).text == "x")
        #expect(try await test.send(["HLEN", test.keys.state]) == .integer(0))
    }

    @Test("all keys expire once nobody writes them for the retention")
    func expiry() async throws {
        let test = try await start()
        let store = test.connect(now: noon)
        _ = try await store.restore()
        _ = try await store.commit(.runs(1...1, of: "a"))
        for key in [test.keys.state, test.keys.runs, test.keys.fence] {
            guard case .integer(let milliseconds) = try await test.send(["PTTL", key]) else {
                Issue.record("\(key) has no time to live")
                continue
            }
            #expect((2_591_000_000...2_592_000_000).contains(milliseconds))
        }
    }

    @Test("a server that refuses to write is a failure with its error code")
    func refusedByServer() async throws {
        let test = try await start()
        let store = test.connect(now: noon)
        _ = try await store.restore()
        try await test.send(["CONFIG", "SET", "maxmemory", "1"])
        await #expect { try await store.commit(.runs(1...1, of: "a")) } throws: { error in
            "\(error)" == "commit to redis://127.0.0.1:\(test.server.port)/0: the server reported OOM"
        }
        try await test.send(["CONFIG", "SET", "maxmemory", "0"])
        _ = try await store.commit(.runs(1...1, of: "a"))
        #expect(try await test.history(of: "a") == versions(1...1))
    }

    @Test("a server that is not there is a failure that says so")
    func unreachable() async throws {
        let test = try await start()
        await test.server.process.kill()
        await #expect { try await test.connect(now: noon).restore() } throws: { error in
            "\(error)".hasPrefix("restore from redis://127.0.0.1:\(test.server.port)/0: ")
        }
    }
}
