import BenchmarkModel
import ExporterTestSupport
import Testing

@testable import SnapshotStore

@Suite("Snapshot writer", .timeLimit(.minutes(1)))
struct SnapshotWriterTests {
    @Test("a commit is durable when the store has acknowledged it")
    func durable() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            #expect(await test.commit("a", 1) == .durable)
            #expect(test.writer.status.isUp)
            #expect(test.writer.status.lastSuccessAt == noon)
            #expect(test.writer.status.undurableRuns == 0)
            #expect(test.writer.status.operations[.restore]?[.success] == 1)
            #expect(test.writer.status.operations[.commit]?[.success] == 1)
        }
        #expect(test.log.lines.isEmpty)
    }

    @Test(
        "a store that stands still holds a run no longer than the commit timeout, and the next commit carries everything"
    )
    func stalled() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        let gate = Gate()
        await store.become(.stall(gate))
        try await test.running {
            async let first = test.commit("a", 1)
            #expect(await store.nextBatch() == .runs(1...1, of: "a"))
            await test.clock.waitForSleepers(2)
            test.clock.advance(by: .milliseconds(500))
            #expect(await first == .undurable)
            #expect(test.writer.status.undurableRuns == 1)
            #expect(!test.writer.status.isUp)

            async let second = test.commit("a", 2)
            await store.become(.succeed)
            await test.clock.waitForSleepers(2)
            gate.open()
            #expect(await second == .durable)
            #expect(await store.nextBatch() == .runs(2...2, of: "a"))
            #expect(test.writer.status.undurableRuns == 0)
            #expect(test.writer.status.isUp)
        }
        #expect(
            test.log.lines == [
                "warning: store is down: runs are published without being stored", "info: store is back",
            ]
        )
    }

    @Test("a store that refuses is told so at once, and asked again every 5 seconds")
    func retry() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        await store.become(.fail)
        try await test.running {
            await test.clock.waitForSleepers(1)
            #expect(await test.commit("a", 1) == .undurable)
            #expect(await test.commit("b", 1) == .undurable)
            #expect(test.writer.status.undurableRuns == 2)
            #expect(test.writer.status.operations[.commit]?[.failure] == 2)
            #expect(await store.nextBatch() == .runs(1...1, of: "a"))
            let both = CommitBatch(
                states: [.sample("a", sequence: 1), .sample("b", sequence: 1)],
                runs: CommitBatch.runs(1...1, of: "a").runs + CommitBatch.runs(1...1, of: "b").runs
            )
            #expect(await store.nextBatch() == both)
            await store.become(.succeed)
            test.clock.advance(by: .seconds(5))
            #expect(await store.nextBatch() == both)
            #expect(await test.commit("a", 2) == .durable)
        }
        #expect(
            test.log.lines == [
                "warning: store is down: runs are published without being stored", "info: store is back",
            ]
        )
    }

    @Test("in a new session the latest states of all benchmarks are written again, those restored too, and no run")
    func newSession() async throws {
        let store = ScriptedStore([.sample("restored", sequence: 7)])
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            await test.commit("a", 1)
            #expect(await store.nextBatch() == .runs(1...1, of: "a"))
            await store.beginSession()
            await test.commit("b", 1)
            #expect(await store.nextBatch() == .runs(1...1, of: "b"))
            let states = [("a", 1), ("b", 1), ("restored", 7)].map { BenchmarkState.sample($0.0, sequence: $0.1) }
            #expect(await store.nextBatch() == CommitBatch(states: states))
        }
    }

    @Test("a fenced writer stores and marks nothing more, and says so once")
    func fenced() async throws {
        let directory = try TemporaryDirectory()
        let mark = PublicationMark(directory: directory.path, subject: "a")
        let store = ScriptedStore()
        let test = WriterUnderTest(store, mark: mark, marksEveryCommit: true)
        _ = await test.writer.restore(patience: .seconds(5))
        await store.become(.fenced)
        try await test.running {
            #expect(await test.commit("a", 1) == .undurable)
            #expect(test.writer.status.isFenced)
            await store.become(.succeed)
            #expect(await test.commit("a", 2) == .undurable)
        }
        #expect(await mark.read(time: 0) == .missing)
        #expect(
            test.log.lines == [
                "error: another process of this instance has taken over the store: this one stores nothing from now on"
            ]
        )
    }

    @Test("more than 1,000 runs without a store drop the oldest, once said")
    func limit() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        await store.become(.fail)
        try await test.running {
            for sequence in 1...1_005 { await test.commit("a", Int64(sequence)) }
            #expect(test.writer.status.undurableRuns == 1_005)
            await store.become(.succeed)
            #expect(await test.commit("a", 1_006) == .durable)
            #expect(test.writer.status.undurableRuns == 0)
        }
        #expect(test.log.lines.filter { $0.hasPrefix("warning: history misses runs") }.count == 1)
    }

    // MARK: Shutdown

    @Test("a shutdown writes what waits, closes the store and ends")
    func shutdown() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        await store.become(.fail)
        try await test.shuttingDown {
            await test.commit("a", 1)
            await store.become(.succeed)
        }
        for _ in 1...2 { #expect(await store.nextBatch() == .runs(1...1, of: "a")) }
        #expect(await store.isClosed)
        #expect(await test.commit("a", 2) == .undurable)
    }

    @Test("a shutdown with a store that stands still ends after 3 seconds")
    func shutdownOfTheDead() async throws {
        let test = WriterUnderTest(DeadStore())
        try await test.shuttingDown {
            // The first write claims the store, which never answers.
            async let result = test.commit("a", 1)
            await test.clock.waitForSleepers(2)
            test.clock.advance(by: .milliseconds(500))
            #expect(await result == .undurable)
        } then: {
            await test.clock.waitForSleepers(2)
            test.clock.advance(by: .seconds(3))
        }
        #expect(test.log.lines.last == "warning: store does not answer at the end")
        #expect(test.writer.status.undurableRuns == 1)
    }

    @Test("a commit in a task that was cancelled is stored like any other")
    func cancelledTask() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            let result = await withTaskGroup(of: CommitResult.self) { group in
                group.cancelAll()
                group.addTask { await test.commit("a", 1) }
                return await group.next()
            }
            #expect(result == .durable)
        }
    }
}

/// A store that answers nothing, but lets a cancelled caller go, as the real ones do.
private struct DeadStore: SnapshotStore {
    private let silence = Signal()

    func restore() async throws(StoreError) -> StoredSnapshot {
        for await _ in silence.events {}
        throw StoreError(.timedOut, .restore, of: "test", answer: "gave up")
    }

    func commit(_ batch: CommitBatch) async throws(StoreError) -> StoreSession {
        throw StoreError(.failed, .commit, of: "test", answer: "never claimed")
    }

    func close() async {}
}
