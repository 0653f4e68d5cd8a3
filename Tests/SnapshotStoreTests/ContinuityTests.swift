import BenchmarkModel
import ExporterTestSupport
import Foundation
import RedisClient
import Testing

@testable import SnapshotStore

/// Whole lives of a writer over real stores, one after the other.
@Suite("Continuity", .timeLimit(.minutes(1)))
struct ContinuityTests {
    private let directory: TemporaryDirectory
    private let mark: PublicationMark

    init() throws {
        directory = try TemporaryDirectory()
        mark = PublicationMark(directory: directory.path, subject: "assistant-0")
    }

    @Test("a state is there after a restart, also when the process was killed", arguments: StoreKind.allCases)
    func restart(kind: StoreKind) async throws {
        let test = try await kind.make()
        let first = WriterUnderTest(test.connect(now: noon), mark: mark, marksEveryCommit: kind == .redis)
        _ = await first.writer.restore(patience: .seconds(5))
        try await first.running {
            for sequence in 1...3 { #expect(await first.commit("a", Int64(sequence)) == .durable) }
        }
        let second = WriterUnderTest(test.connect(now: noon), mark: mark, marksEveryCommit: kind == .redis)
        #expect(await second.writer.restore(patience: .seconds(5)).states == ["a": .sample("a", sequence: 3)])
    }

    @Test("an older process that goes on is fenced, and leaves what the newer one wrote", arguments: StoreKind.allCases)
    func fenced(kind: StoreKind) async throws {
        let test = try await kind.make()
        let older = WriterUnderTest(test.connect(now: noon), mark: mark, marksEveryCommit: true)
        let newer = WriterUnderTest(test.connect(now: noon), mark: mark, marksEveryCommit: true)
        _ = await older.writer.restore(patience: .seconds(5))
        try await older.running {
            #expect(await older.commit("a", 1) == .durable)
            _ = await newer.writer.restore(patience: .seconds(5))
            try await newer.running { #expect(await newer.commit("a", 2) == .durable) }
            #expect(await older.commit("a", 9) == .undurable)
            #expect(older.writer.status.isFenced)
        }
        let third = WriterUnderTest(test.connect(now: noon), mark: mark)
        #expect(await third.writer.restore(patience: .seconds(5)).states == ["a": .sample("a", sequence: 2)])
    }

    @Test("a Redis that stands still during a commit holds nothing up, and has everything once it goes on")
    func stalled() async throws {
        let redis = RedisUnderTest(server: try await RedisServer.start())
        let test = WriterUnderTest(redis.connect(now: noon), mark: mark, marksEveryCommit: true)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            #expect(await test.commit("a", 1) == .durable)
            // The deadline of the first commit goes by, so that the one that follows is that of the second.
            test.clock.advance(by: .milliseconds(500))
            redis.server.process.signal(SIGSTOP)
            async let second = test.commit("a", 2)
            await test.clock.waitForSleepers(2)
            test.clock.advance(by: .milliseconds(500))
            #expect(await second == .undurable)
            guard case .contents(let contents, _) = await mark.read(time: 0) else {
                Issue.record("there is no mark")
                return
            }
            #expect(contents.published == ["a": StateVersion(epoch: 1, sequence: 2)])
            redis.server.process.signal(SIGCONT)
            #expect(await test.commit("a", 3) == .durable)
            #expect(test.writer.status.undurableRuns == 0)
        }
        #expect(try await redis.history(of: "a") == versions(1...3))
    }

    @Test("a Redis that was killed and came back empty is filled again by the next commit of any benchmark")
    func killed() async throws {
        let redis = RedisUnderTest(server: try await RedisServer.start())
        let test = WriterUnderTest(redis.connect(now: noon), mark: mark, marksEveryCommit: true)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            #expect(await test.commit("a", 1) == .durable)
            await redis.server.process.kill()
            #expect(await test.commit("b", 1) == .undurable)
            let second = RedisUnderTest(server: try await RedisServer.start(port: redis.server.port))
            #expect(await test.commit("b", 2) == .durable)
            // The states that were lost follow at once; this commit comes after them.
            #expect(await test.commit("b", 3) == .durable)
            let restarted = WriterUnderTest(second.connect(now: noon), mark: mark)
            let states = await restarted.writer.restore(patience: .seconds(5)).states
            #expect(states == ["a": .sample("a", sequence: 1), "b": .sample("b", sequence: 3)])
            #expect(try await second.history(of: "b") == versions(1...3))
        }
    }

    @Test("a Redis that lost what was published makes counters begin at zero, with the mark and without")
    func lost() async throws {
        let redis = RedisUnderTest(server: try await RedisServer.start())
        let first = WriterUnderTest(redis.connect(now: noon), mark: mark, marksEveryCommit: true)
        _ = await first.writer.restore(patience: .seconds(5))
        var old: [UInt8] = []
        try await first.running {
            #expect(await first.commit("a", 1) == .durable)
            let reply = try await redis.send(["HGET", redis.keys.state, "a"])
            old = Array(try #require(reply.text).utf8)
            #expect(await first.commit("a", 2) == .durable)
        }
        await redis.server.process.kill()
        // It comes back with an older snapshot.
        let second = RedisUnderTest(server: try await RedisServer.start(port: redis.server.port))
        try await second.plant(old, as: "a")
        for mark in [mark, nil] {
            let restarted = WriterUnderTest(second.connect(now: noon), mark: mark, marksEveryCommit: true)
            let restored = await restarted.writer.restore(patience: .seconds(5))
            #expect(restored.states.isEmpty)
            #expect(restored.unproved == ["a": .sample("a", sequence: 1)])
            #expect(restored.epoch == 1_700_000_000_000)
        }
    }

    @Test("an SQLite folder that appears later is claimed, and then has everything")
    func lateFolder() async throws {
        let path = directory.file("later/state.db")
        let store = SQLiteSnapshotStore(path: path, retention: retention) { noon }
        let test = WriterUnderTest(store, mark: mark)
        async let restored = test.writer.restore(patience: .seconds(5))
        await test.clock.waitForSleepers(2)
        test.clock.advance(by: .seconds(5))
        #expect(await restored.states.isEmpty)
        try await test.running {
            #expect(await test.commit("a", 1) == .undurable)
            try FileManager.default.createDirectory(
                atPath: directory.file("later"),
                withIntermediateDirectories: false
            )
            #expect(await test.commit("a", 2) == .durable)
        }
        let second = SQLiteSnapshotStore(path: path, retention: retention) { noon }
        #expect(try await second.restore().states == ["a": .sample("a", sequence: 2)])
    }
}
