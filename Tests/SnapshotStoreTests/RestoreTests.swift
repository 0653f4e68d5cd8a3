import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import SnapshotStore

/// What may be exposed after a restart: the writer with its mark, over scripted and over real stores.
@Suite("Restore", .timeLimit(.minutes(1)))
struct RestoreTests {
    private let directory: TemporaryDirectory
    private let mark: PublicationMark

    init() throws {
        directory = try TemporaryDirectory()
        mark = PublicationMark(directory: directory.path, subject: "assistant-0")
    }

    private func publish(_ sequence: Int64, epoch: Int64 = 1) async {
        let published = ["a": StateVersion(epoch: epoch, sequence: sequence)]
        #expect(await mark.write(PublicationMark.Contents(generation: 1, published: published)) == .written)
    }

    private func restore(_ state: BenchmarkState, isAcknowledged: Bool = true) async -> RestoredState {
        let store = ScriptedStore([state], acknowledged: isAcknowledged)
        return await WriterUnderTest(store, mark: mark).writer.restore(patience: .seconds(5))
    }

    @Test("counters at or ahead of the mark are restored", arguments: [7, 8] as [Int64])
    func notBehind(sequence: Int64) async {
        await publish(7)
        let state = BenchmarkState.sample("a", sequence: sequence)
        let restored = await restore(state, isAcknowledged: false)
        #expect(restored == RestoredState(states: ["a": state], unproved: [:], epoch: 1_700_000_000_000))
    }

    @Test("counters behind the mark begin at zero, and the rest of the state is handed out")
    func behind() async {
        await publish(8)
        let state = BenchmarkState.sample("a", sequence: 7)
        let restored = await restore(state)
        #expect(restored == RestoredState(states: [:], unproved: ["a": state], epoch: 1_700_000_000_000))
    }

    @Test("without a mark it is the word of the store that counts", arguments: [true, false])
    func missing(isAcknowledged: Bool) async {
        let state = BenchmarkState.sample("a", sequence: 7)
        let restored = await restore(state, isAcknowledged: isAcknowledged)
        #expect(restored.states == (isAcknowledged ? ["a": state] : [:]))
    }

    @Test("with a damaged mark nothing is proved")
    func damaged() async throws {
        try Data("{".utf8).write(to: URL(fileURLWithPath: mark.path))
        #expect(await restore(.sample("a", sequence: 7)).states.isEmpty)
        #expect(FileManager.default.fileExists(atPath: mark.path + ".refused-1700000000"))
    }

    @Test("new counters begin in an epoch greater than any in the store and the mark")
    func epoch() async {
        #expect(await restore(.sample("a", epoch: 1_700_000_000_005, sequence: 7)).epoch == 1_700_000_000_006)
        await publish(1, epoch: 1_700_000_000_008)
        #expect(await restore(.sample("a", epoch: 1_700_000_000_005, sequence: 7)).epoch == 1_700_000_000_009)
    }

    @Test(
        "counters that began at zero are not replaced by what is stored at the next start, though nothing was committed"
    )
    func zerosArePublished() async {
        await publish(8)
        let state = BenchmarkState.sample("a", sequence: 7)
        let first = await restore(state)
        #expect(first.unproved == ["a": state])
        let second = await restore(state)
        #expect(second.unproved == ["a": state])
        #expect(second.epoch > first.epoch)
    }

    @Test("what a store has that did not answer at the start is void at the next one")
    func silenceIsPublished() async {
        let state = BenchmarkState.sample("a", sequence: 7)
        let store = ScriptedStore([state])
        await store.become(.fail)
        let first = WriterUnderTest(store, mark: mark)
        async let restored = first.writer.restore(patience: .seconds(5))
        await first.clock.waitForSleepers(2)
        first.clock.advance(by: .seconds(5))
        #expect(await restored.epoch == 1_700_000_000_000)
        #expect(await restore(state) == RestoredState(states: [:], unproved: ["a": state], epoch: 1_700_000_000_001))
    }

    @Test("what a store has lost and finds again is void")
    func foundAgain() async {
        await publish(7)
        _ = await WriterUnderTest(ScriptedStore(), mark: mark).writer.restore(patience: .seconds(5))
        #expect(await restore(.sample("a", sequence: 7)).states.isEmpty)
    }

    @Test("a restore that is cancelled decides nothing")
    func cancelled() async {
        await publish(7)
        let store = ScriptedStore()
        await store.become(.fail)
        let test = WriterUnderTest(store, mark: mark)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await test.writer.restore(patience: .seconds(5)) }
            await test.clock.waitForSleepers(2)
            group.cancelAll()
        }
        #expect(await restore(.sample("a", sequence: 7)).states == ["a": .sample("a", sequence: 7)])
    }

    @Test("a benchmark that a reload brings back goes on where it was")
    func latestState() async throws {
        let test = WriterUnderTest(ScriptedStore([.sample("a", sequence: 7)]))
        _ = await test.writer.restore(patience: .seconds(5))
        #expect(await test.writer.state(of: "a") == .sample("a", sequence: 7))
        #expect(await test.writer.state(of: "b") == nil)
        try await test.running { await test.commit("a", 8) }
        #expect(await test.writer.state(of: "a") == .sample("a", sequence: 8))
    }

    // MARK: The mark of a running writer

    @Test("with a server every publication is marked, and marks of other benchmarks are kept")
    func marksEveryCommit() async throws {
        await publish(3)
        let test = WriterUnderTest(ScriptedStore([.sample("a", sequence: 3)]), mark: mark, marksEveryCommit: true)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            #expect(await test.commit("b", 1) == .durable)
            #expect(await versionsOfMark() == ["a": 3, "b": 1])
            #expect(await test.commit("b", 2) == .durable)
            #expect(await versionsOfMark() == ["a": 3, "b": 2])
        }
    }

    @Test("an embedded store is marked only where a run is published without being stored")
    func marksUndurable() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store, mark: mark)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            #expect(await test.commit("a", 1) == .durable)
            #expect(await versionsOfMark() == nil)
            await store.become(.fail)
            #expect(await test.commit("a", 2) == .undurable)
            #expect(await versionsOfMark() == ["a": 2])
        }
    }

    @Test("a mark that cannot be written is said once, and runs are published all the same")
    func unwritable() async throws {
        let nowhere = PublicationMark(directory: directory.file("missing"), subject: "a")
        let test = WriterUnderTest(ScriptedStore(), mark: nowhere, marksEveryCommit: true)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            for sequence in 1...3 { #expect(await test.commit("a", Int64(sequence)) == .durable) }
        }
        #expect(
            test.log.lines == [
                "warning: publication mark cannot be written: counters may begin at zero next time"
            ]
        )
    }

    @Test("a mark that could not be written is written once everything is stored, and proves something again")
    func writtenAgain() async throws {
        let obstacle = mark.path + ".new"
        try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: false)
        let store = ScriptedStore()
        let test = WriterUnderTest(store, mark: mark)
        _ = await test.writer.restore(patience: .seconds(5))
        try await test.running {
            await store.become(.fail)
            #expect(await test.commit("a", 1) == .undurable)
            #expect(await versionsOfMark() == nil)
            try FileManager.default.removeItem(atPath: obstacle)
            await store.become(.succeed)
            #expect(await test.commit("a", 2) == .durable)
            await test.log.wait(for: "info: publication mark is written again")
        }
        #expect(await versionsOfMark() == ["a": 1])
    }

    @Test("a writer that was replaced leaves the mark to the newer one")
    func superseded() async throws {
        let test = WriterUnderTest(ScriptedStore(), mark: mark, marksEveryCommit: true)
        _ = await test.writer.restore(patience: .seconds(5))
        let newer = PublicationMark.Contents(generation: 1 << 52, published: ["a": StateVersion(epoch: 9, sequence: 9)])
        #expect(await mark.write(newer) == .written)
        try await test.running {
            await test.commit("a", 1)
            await test.commit("a", 2)
        }
        #expect(await mark.read(time: 0) == .contents(newer, isWritable: true))
        #expect(test.log.lines == ["error: another process of this instance writes the publication mark"])
    }

    private func versionsOfMark() async -> [String: Int64]? {
        guard case .contents(let contents, _) = await mark.read(time: 0) else { return nil }
        return contents.published.mapValues(\.sequence)
    }

    // MARK: A store that does not answer at the start

    @Test(
        "a store that does not answer is waited for, then counters begin at zero, and restoring precedes the first write"
    )
    func downAtStart() async throws {
        let store = ScriptedStore([.sample("a", epoch: 1_800_000_000_000, sequence: 100)])
        await store.become(.fail)
        let test = WriterUnderTest(store)
        async let restored = test.writer.restore(patience: .seconds(5))
        await test.clock.waitForSleepers(2)
        test.clock.advance(by: .seconds(5))
        #expect(await restored == RestoredState(states: [:], unproved: [:], epoch: 1_700_000_000_000))
        try await test.running {
            #expect(await test.commit("a", 1) == .undurable)
            #expect(await store.claims == 0)
            await store.become(.succeed)
            #expect(await test.commit("a", 2) == .durable)
            #expect(await store.claims == 1)
            #expect(await store.nextBatch() == .runs(1...2, of: "a"))
        }
    }

    @Test("what a store knows that was away at the start is kept and handed out, but for its counters")
    func lateSnapshot() async throws {
        var known = BenchmarkState.sample("a", sequence: 100)
        known.operations[0].baseline = DailyBaseline(fingerprint: "f")
        known.lastRun = .sample("a")
        let unseen = BenchmarkState.sample("b", sequence: 100)
        let documents = ["alerts": Array("0".utf8), "other": Array("1".utf8)]
        let store = ScriptedStore([known, unseen], documents: documents)
        await store.become(.fail)
        let test = WriterUnderTest(store)
        async let restored = test.writer.restore(patience: .seconds(5))
        await test.clock.waitForSleepers(2)
        test.clock.advance(by: .seconds(5))
        _ = await restored
        await test.writer.commit(document: Array("2".utf8), named: "alerts")
        try await test.running {
            #expect(await test.commit("a", 1) == .undurable)
            await store.become(.succeed)
            #expect(await test.commit("c", 1) == .durable)
            var written = BenchmarkState.sample("a", sequence: 1)
            written.operations[0].baseline = DailyBaseline(fingerprint: "f")
            written.lastRun = known.lastRun
            let batch = await store.nextBatch()
            #expect(batch?.states == [written, .sample("c", sequence: 1)])
            #expect(batch?.documents.map(\.name) == ["alerts", "other"])
            #expect(batch?.documents.first?.value == Array("2".utf8))
            var late = test.writer.lateSnapshots.makeAsyncIterator()
            let snapshot = await late.next()
            #expect(snapshot?.states == ["a": known, "b": unseen])
            #expect(snapshot?.documents == documents)
        }
        // Nothing comes after it.
        for await _ in test.writer.lateSnapshots { Issue.record("a second late snapshot") }
    }

    @Test("a store that answers late, but in time, is restored")
    func lateAtStart() async throws {
        let store = ScriptedStore([.sample("a", sequence: 7)])
        await store.become(.fail)
        let test = WriterUnderTest(store)
        async let restored = test.writer.restore(patience: .seconds(5))
        await test.clock.waitForSleepers(2)
        await store.become(.succeed)
        test.clock.advance(by: .milliseconds(250))
        #expect(await restored.states == ["a": .sample("a", sequence: 7)])
    }
}
