import BenchmarkModel
import ExporterTestSupport
import Foundation
import GRDB
import Testing

@testable import SnapshotStore

@Suite("Documents", .timeLimit(.minutes(1)))
struct DocumentTests {
    private static func batch(_ name: String, _ sequence: Int64, _ text: String) -> CommitBatch {
        CommitBatch(documents: [VersionedDocument(name: name, sequence: sequence, value: Array(text.utf8))])
    }

    @Test("documents are restored as they were, beside the states", arguments: StoreKind.allCases)
    func roundTrip(kind: StoreKind) async throws {
        let test = try await kind.make()
        let store = test.connect(now: noon)
        #expect(try await store.restore().documents.isEmpty)
        var batch = CommitBatch.runs(1...1, of: "a")
        batch.documents = Self.batch("a", 1, "{\"version\":1}\n").documents + Self.batch("ü \"\n", 1, "").documents
        _ = try await store.commit(batch)
        await store.close()
        let snapshot = try await test.connect(now: noon).restore()
        #expect(snapshot.documents == ["a": Array("{\"version\":1}\n".utf8), "ü \"\n": []])
        #expect(snapshot.states == ["a": .sample("a", sequence: 1)])
    }

    @Test("of one process the later document counts, and of two the newer process", arguments: StoreKind.allCases)
    func order(kind: StoreKind) async throws {
        let test = try await kind.make()
        let older = test.connect(now: noon)
        _ = try await older.restore()
        for (sequence, text) in [(1, "1"), (3, "3"), (2, "2"), (3, "3 again")] {
            _ = try await older.commit(Self.batch("a", Int64(sequence), text))
        }
        let newer = test.connect(now: noon)
        #expect(try await newer.restore().documents == ["a": Array("3 again".utf8)])
        await #expect { try await older.commit(Self.batch("a", 4, "4")) } throws: {
            ($0 as? StoreError)?.code == .fenced
        }
        _ = try await newer.commit(Self.batch("a", 1, "newer"))
        #expect(try await test.connect(now: noon).restore().documents == ["a": Array("newer".utf8)])
    }

    @Test("a hostile document is refused, set aside and replaced", arguments: StoreKind.allCases)
    func refusal(kind: StoreKind) async throws {
        let test = try await kind.make()
        _ = try await test.connect(now: noon).restore()
        let huge = [UInt8](repeating: 0x20, count: StoredValue.maximumSize + 1)
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        try await test.plant(document: huge, named: "huge")
        try await test.plant(document: deep, named: "deep")
        try await test.plant(document: Array("{}".utf8), named: "good")
        let store = test.connect(now: noon)
        let snapshot = try await store.restore()
        #expect(snapshot.documents == ["good": Array("{}".utf8)])
        let reasons = Dictionary(uniqueKeysWithValues: snapshot.refused.map { ($0.subject, $0.reason) })
        #expect(reasons["document deep"] == "it is nested deeper than 32 levels")
        #expect(reasons["document huge"]?.hasSuffix("bytes, more than 4194304") == true)
        #expect(reasons.count == 2)
        #expect(try await test.setAside("document deep")?.suffix(deep.count) == deep[...])
        #expect(try await test.setAside("document huge")?.suffix(huge.count) == huge[...])
        _ = try await store.commit(Self.batch("deep", 1, "1"))
        let again = try await test.connect(now: noon).restore()
        #expect(again.documents == ["good": Array("{}".utf8), "deep": Array("1".utf8)])
        #expect(again.refused.isEmpty)
    }

    @Test("a field of Redis that no exporter has written is refused, and overwritten")
    func foreignField() async throws {
        let test = RedisUnderTest(server: try await RedisServer.start())
        let store = test.connect(now: noon)
        _ = try await store.restore()
        try await test.send(["HSET", test.keys.documents, "a", "{}", "b", "99999999999999999999 1\n{}"])
        _ = try await store.commit(Self.batch("b", 1, "1"))
        let snapshot = try await test.connect(now: noon).restore()
        #expect(snapshot.documents == ["b": Array("1".utf8)])
        #expect(snapshot.refused == [RefusedValue(subject: "document a", reason: "it does not say who wrote it")])
    }
}

@Suite("Documents of a writer", .timeLimit(.minutes(1)))
struct WrittenDocumentTests {
    private func document(_ sequence: Int64, _ text: String) -> VersionedDocument {
        VersionedDocument(name: "alerts", sequence: sequence, value: Array(text.utf8))
    }

    @Test("the latest document waits for the store, and goes with the next transaction")
    func latest() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        await test.writer.commit(document: Array("1".utf8), named: "alerts")
        await test.writer.commit(document: Array("2".utf8), named: "alerts")
        try await test.running {
            #expect(await store.nextBatch() == CommitBatch(documents: [document(2, "2")]))
        }
    }

    @Test("a restored document is there at the start, and is written again when the store has lost it")
    func restored() async throws {
        let store = ScriptedStore(documents: ["alerts": Array("0".utf8)])
        let test = WriterUnderTest(store)
        #expect(await test.writer.restore(patience: .seconds(5)).documents == ["alerts": Array("0".utf8)])
        try await test.running {
            await store.beginSession()
            await test.commit("a", 1)
            _ = await store.nextBatch()
            #expect(await store.nextBatch()?.documents == [document(0, "0")])
        }
    }

    @Test("a document that could not be read again is not stored, and that is said")
    func tooLarge() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        let huge = [UInt8](repeating: 0x20, count: StoredValue.maximumSize + 1)
        await test.writer.commit(document: huge, named: "alerts")
        #expect(test.log.lines == ["warning: document is too large to be stored"])
    }

    @Test("whoever waits for a document knows whether it is stored, at the latest after the commit timeout")
    func waited() async throws {
        let store = ScriptedStore()
        let test = WriterUnderTest(store)
        _ = await test.writer.restore(patience: .seconds(5))
        let gate = Gate()
        try await test.running {
            #expect(await test.writer.commitAndWait(document: Array("1".utf8), named: "alerts") == .durable)
            #expect(await store.nextBatch() == CommitBatch(documents: [document(1, "1")]))
            await store.become(.stall(gate))
            async let late = test.writer.commitAndWait(document: Array("2".utf8), named: "alerts")
            #expect(await store.nextBatch() == CommitBatch(documents: [document(2, "2")]))
            await test.clock.waitForSleepers(2)
            test.clock.advance(by: .milliseconds(500))
            #expect(await late == .undurable)
            #expect(!test.writer.status.isUp)
            #expect(test.writer.status.undurableRuns == 0)
            await store.become(.fenced)
            gate.open()
            #expect(await test.writer.commitAndWait(document: Array("3".utf8), named: "alerts") == .undurable)
            #expect(test.writer.status.isFenced)
            #expect(await test.writer.commitAndWait(document: Array("4".utf8), named: "alerts") == .undurable)
        }
    }
}
