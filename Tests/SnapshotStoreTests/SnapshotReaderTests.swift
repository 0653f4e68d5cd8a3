import BenchmarkModel
import ExporterTestSupport
import Foundation
import GRDB
import Testing

@testable import SnapshotStore

@Suite("Reading beside the writer", .timeLimit(.minutes(1)))
struct SnapshotReaderTests {
    /// The times of its runs, in seconds since 1970; Redis gives its entries the time of its own clock, so all is now.
    private let start = (Date().timeIntervalSince1970 - 100).rounded()

    /// A store in which benchmarks a and b have had ten runs each, by turns, a second apart.
    private func history(_ kind: StoreKind) async throws -> (test: any StoreUnderTest, store: any SnapshotStore) {
        let test = try await kind.make()
        let store = test.connect(now: start)
        _ = try await store.restore()
        for second in 0..<20 {
            let (benchmark, sequence) = (second % 2 == 0 ? "a" : "b", Int64(second / 2 + 1))
            var batch = CommitBatch.runs(sequence...sequence, of: benchmark)
            batch.runs[0].summary.completedAt = start + Double(second)
            _ = try await store.commit(batch)
        }
        return (test, store)
    }

    @Test("pages have all runs once, newest first", arguments: StoreKind.allCases, [1, 3, 5, 7, 10, 20, 1_000])
    func pages(kind: StoreKind, limit: Int) async throws {
        let (test, _) = try await history(kind)
        for benchmark in ["a", "b", nil] {
            var seconds: [Double] = []
            var before: RunPosition?
            repeat {
                let page = try await test.reader.runs(of: benchmark, since: 0, before: before, limit: limit)
                #expect(page.unreadable == 0)
                #expect(!page.runs.isEmpty && page.runs.count <= limit)
                seconds += page.runs.map { $0.summary.completedAt - start }
                before = page.next
            } while before != nil
            let wanted = (0..<20).filter { second in benchmark.map { $0 == (second % 2 == 0 ? "a" : "b") } ?? true }
            #expect(seconds == wanted.reversed().map(Double.init))
        }
    }

    @Test("runs that ended before the time asked for are left out", arguments: StoreKind.allCases)
    func since(kind: StoreKind) async throws {
        let (test, _) = try await history(kind)
        let page = try await test.reader.runs(of: "a", since: start + 15, limit: 100)
        #expect(page.runs.map { $0.summary.completedAt - start } == [18, 16])
        #expect(page.next == nil)
    }

    @Test("values that cannot be read are skipped and counted", arguments: StoreKind.allCases)
    func unreadable(kind: StoreKind) async throws {
        let (test, store) = try await history(kind)
        let garbage = [
            Array("[".utf8), Array("{\"version\":9}".utf8),
            [UInt8](repeating: 0x20, count: StoredValue.maximumSize + 1),
        ]
        for value in garbage { try await test.plantRun(value, of: "a", completedAt: start + 50) }
        var batch = CommitBatch.runs(11...11, of: "a")
        batch.runs[0].summary.completedAt = start + 60
        _ = try await store.commit(batch)
        var page = try await test.reader.runs(of: "a", since: 0, limit: 6)
        #expect(page.runs.map { $0.summary.completedAt - start } == [60, 18, 16])
        #expect(page.unreadable == 3)
        page = try await test.reader.runs(of: "a", since: 0, before: page.next, limit: 6)
        #expect(page.runs.map { $0.summary.completedAt - start } == [14, 12, 10, 8, 6, 4])
        #expect(page.unreadable == 0)
    }

    @Test("states are read without a claim, and the writer goes on", arguments: StoreKind.allCases)
    func states(kind: StoreKind) async throws {
        let (test, store) = try await history(kind)
        try await test.plant(Array("{\"version\":9}".utf8), as: "bad")
        let stored = try await test.reader.states()
        #expect(stored.states == ["a": .sample("a", sequence: 10), "b": .sample("b", sequence: 10)])
        #expect(
            stored.refused == [
                RefusedValue(subject: "bad", reason: "its format is version 9, this program reads 2")
            ]
        )
        #expect(try await test.setAside("bad") == nil)
        _ = try await store.commit(.runs(11...11, of: "a"))
        #expect(try await test.reader.states().states["a"] == .sample("a", sequence: 11))
    }

    @Test("a file that nobody has open is looked into as it is, and nothing is made beside it")
    func closedFile() async throws {
        let test = try SQLiteUnderTest()
        let store = test.connect(now: start)
        _ = try await store.restore()
        var batch = CommitBatch.runs(1...1, of: "a")
        batch.runs[0].summary.completedAt = start
        _ = try await store.commit(batch)
        await store.close()
        #expect(try await test.reader.states().states.keys.sorted() == ["a"])
        #expect(try await test.reader.runs(of: "a", since: 0, limit: 10).runs.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.directory.path) == ["state.db"])
    }

    @Test("who begins to write during a look is seen by it, also if he has stopped again", arguments: [false, true])
    func writerComes(hasStopped: Bool) async throws {
        let test = try SQLiteUnderTest()
        let store = test.connect(now: start)
        _ = try await store.restore()
        await store.close()
        var writer: SQLiteDatabase?
        let names = try SQLiteDatabase.look(into: test.path) { database in
            if writer == nil {
                writer = try SQLiteDatabase(path: test.path)
                try writer?.commit(.runs(1...1, of: "a"), fence: 1 << 51, trimBefore: nil)
                if hasStopped { try writer?.close() }
            }
            return try String.fetchAll(database, sql: "SELECT benchmark FROM states")
        }
        #expect(names == ["a"])
        if !hasStopped { try writer?.close() }
    }

    @Test("a link to a file that is being written is looked into with the log, which lies beside the file")
    func link() async throws {
        let test = try SQLiteUnderTest()
        let elsewhere = try TemporaryDirectory()
        let link = elsewhere.file("link.db")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: test.path)
        let store = test.connect(now: start)
        _ = try await store.restore()
        _ = try await store.commit(.runs(1...1, of: "a"))
        #expect(try await SQLiteSnapshotReader(path: link).states().states.keys.sorted() == ["a"])
        await store.close()
        #expect(try await SQLiteSnapshotReader(path: link).states().states.keys.sorted() == ["a"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path) == ["link.db"])
    }

    @Test("a file that is not there is not made")
    func missingFile() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("state.db")
        let reader = SQLiteSnapshotReader(path: path)
        await #expect { try await reader.states() } throws: { error in
            "\(error)".hasPrefix("read from sqlite:\(path): unable to open database file")
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(
        "a position is its text, and nothing else is one",
        arguments: ["", "-", "1", "1-", "-1", "+1-2", "1-2-3", "g-1"]
    )
    func positions(text: String) {
        #expect(RunPosition(text) == nil)
        let position = RunPosition(major: .max, minor: 0)
        #expect(position.description == "ffffffffffffffff-0")
        #expect(RunPosition(position.description) == position)
    }
}
