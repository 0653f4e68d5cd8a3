import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import SnapshotStore

/// A time at which these tests take place, in seconds since 1970.
let noon = 1_700_000_000.0

@Suite("Snapshot stores", .timeLimit(.minutes(1)))
struct SnapshotStoreTests {
    @Test("what was committed is restored as it was", arguments: StoreKind.allCases)
    func roundTrip(kind: StoreKind) async throws {
        let test = try await kind.make()
        let first = test.connect(now: noon)
        #expect(try await first.restore().states.isEmpty)
        var generator = SeededGenerator(seed: 7)
        var states: [String: BenchmarkState] = [:]
        for name in ["a", "b \"{}\" ü", "c\n"] {
            let state = BenchmarkState.random(name, using: &generator)
            states[name] = state
            let run = VersionedRun(version: state.version, summary: try #require(state.lastRun))
            _ = try await first.commit(CommitBatch(states: [state], runs: [run]))
        }
        await first.close()
        let snapshot = try await test.connect(now: noon + 1).restore()
        #expect(snapshot.states == states)
        #expect(snapshot.acknowledged == Set(states.keys))
        #expect(snapshot.refused.isEmpty)
    }

    @Test(
        "a commit that is repeated, because it timed out and yet landed, is in the history once",
        arguments: StoreKind.allCases
    )
    func idempotence(kind: StoreKind) async throws {
        let test = try await kind.make()
        let store = test.connect(now: noon)
        _ = try await store.restore()
        _ = try await store.commit(.runs(1...2, of: "a"))
        _ = try await store.commit(.runs(1...2, of: "a"))
        _ = try await store.commit(.runs(1...4, of: "a"))
        _ = try await store.commit(.runs(2...3, of: "a"))
        #expect(try await test.history(of: "a") == versions(1...4))
        #expect(try await test.connect(now: noon).restore().states["a"] == .sample("a", sequence: 4))
    }

    @Test("the newest start wins at once, and the older process is refused", arguments: StoreKind.allCases)
    func fencing(kind: StoreKind) async throws {
        let test = try await kind.make()
        let older = test.connect(now: noon)
        let fence = try await older.restore().fence
        _ = try await older.commit(.runs(1...1, of: "a"))
        // A wall clock that is behind changes nothing.
        let newer = test.connect(now: noon - 1_000)
        #expect(try await newer.restore().fence > fence)
        await #expect(throws: StoreError.self) { try await older.commit(.runs(2...2, of: "a")) }
        await #expect { try await older.commit(CommitBatch()) } throws: { ($0 as? StoreError)?.code == .fenced }
        _ = try await newer.commit(.runs(2...2, of: "a"))
        #expect(try await test.history(of: "a") == versions(1...2))
    }

    @Test("the states of a newer start replace stored ones with a greater epoch", arguments: StoreKind.allCases)
    func epochs(kind: StoreKind) async throws {
        let test = try await kind.make()
        let older = test.connect(now: noon)
        _ = try await older.restore()
        _ = try await older.commit(.runs(1...9, of: "a", epoch: 5_000))
        let newer = test.connect(now: noon)
        _ = try await newer.restore()
        _ = try await newer.commit(.runs(1...2, of: "a", epoch: 4_000))
        #expect(
            try await test.connect(now: noon).restore().states["a"]?.version == StateVersion(epoch: 4_000, sequence: 2)
        )
        #expect(try await test.history(of: "a") == versions(1...9, epoch: 5_000) + versions(1...2, epoch: 4_000))
    }

    @Test("nothing is written before the store was claimed", arguments: StoreKind.allCases)
    func unclaimed(kind: StoreKind) async throws {
        let store = try await kind.make().connect(now: noon)
        await #expect { try await store.commit(CommitBatch()) } throws: { error in
            "\(error)".hasSuffix(": it has not been claimed")
        }
    }

    @Test("a value that cannot be read is refused, set aside and replaced", arguments: StoreKind.allCases)
    func refusal(kind: StoreKind) async throws {
        let test = try await kind.make()
        let first = test.connect(now: noon)
        _ = try await first.restore()
        _ = try await first.commit(.runs(1...3, of: "good"))
        let garbage = Array("{\"version\":9}".utf8)
        let huge = [UInt8](repeating: 0x20, count: StoredValue.maximumSize + 1)
        try await test.plant(garbage, as: "bad")
        try await test.plant(huge, as: "huge")
        let second = test.connect(now: noon)
        let snapshot = try await second.restore()
        #expect(snapshot.states == ["good": .sample("good", sequence: 3)])
        #expect(
            Set(snapshot.refused) == [
                RefusedValue(subject: "bad", reason: "its format is version 9, this program reads 2"),
                RefusedValue(subject: "huge", reason: "it has 4194305 bytes, more than 4194304"),
            ]
        )
        #expect(try await test.setAside("bad") == garbage)
        #expect(try await test.setAside("huge") == huge)
        _ = try await second.commit(.runs(1...1, of: "bad"))
        let third = try await test.connect(now: noon).restore()
        #expect(third.states.keys.sorted() == ["bad", "good"])
        #expect(third.refused.isEmpty)
    }

    @Test("garbage that appears while the program runs is overwritten", arguments: StoreKind.allCases)
    func garbage(kind: StoreKind) async throws {
        let test = try await kind.make()
        let store = test.connect(now: noon)
        _ = try await store.restore()
        _ = try await store.commit(.runs(1...1, of: "a"))
        let values = ["", "[", "{\"state\":7}", "{\"fence\":1e999,\"state\":{\"epoch\":{},\"sequence\":null}}"]
        for (sequence, text) in zip(Int64(2)..., values + [String(repeating: "[", count: 100_000)]) {
            try await test.plant(Array(text.utf8), as: "a")
            _ = try await store.commit(.runs(sequence...sequence, of: "a"))
        }
        #expect(try await test.connect(now: noon).restore().states["a"] == .sample("a", sequence: 6))
    }

    @Test("runs older than the retention leave the history", arguments: StoreKind.allCases)
    func retention(kind: StoreKind) async throws {
        // Redis gives its entries the time of its own clock, so this test takes place now.
        let test = try await kind.make()
        let now = Date().timeIntervalSince1970
        let first = test.connect(now: now)
        _ = try await first.restore()
        var batch = CommitBatch.runs(1...2, of: "a")
        for index in batch.runs.indices { batch.runs[index].summary.completedAt = now }
        _ = try await first.commit(batch)
        #expect(try await test.history(of: "a") == versions(1...2))
        let later = test.connect(now: now + 31 * 86_400)
        _ = try await later.restore()
        _ = try await later.commit(CommitBatch())
        #expect(try await test.history(of: "a").isEmpty)
        #expect(try await test.connect(now: now).restore().states["a"] == .sample("a", sequence: 2))
    }

    @Test("a thousand runs are one transaction", arguments: StoreKind.allCases)
    func manyRuns(kind: StoreKind) async throws {
        let test = try await kind.make()
        let store = test.connect(now: noon)
        _ = try await store.restore()
        _ = try await store.commit(.runs(1...1_000, of: "a"))
        #expect(try await test.history(of: "a") == versions(1...1_000))
    }
}
