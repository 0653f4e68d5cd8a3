import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import SnapshotStore

@Suite("Whether a store is in use", .timeLimit(.minutes(1)))
struct StoreInUseTests {
    @Test("exporters share a lock, and nobody has it alone while one of them has it")
    func lock() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("state.db.lock")
        var first = try await StoreLock.shared(path)
        var second = try await StoreLock.shared(path)
        #expect(first != nil && second != nil)
        #expect(try StoreLock.exclusive(path) == nil)
        first = nil
        #expect(try StoreLock.exclusive(path) == nil)
        second = nil
        #expect(try StoreLock.exclusive(path) != nil)
        #expect(try await StoreLock.shared(path) != nil)
        #expect(first == nil && second == nil)
    }

    @Test(
        "a file that cannot be opened is neither in use nor free",
        arguments: [("/nowhere/lock", "No such file or directory"), ("/proc/self/exe/lock", "Not a directory")]
    )
    func unlockable(path: String, reason: String) async {
        func isExpected(_ error: any Error) -> Bool { "\(error)" == "lock \(path): \(reason)" }
        #expect { try StoreLock.exclusive(path) } throws: { isExpected($0) }
        await #expect { try await StoreLock.shared(path) } throws: { isExpected($0) }
    }

    @Test("a lock needs no right to write")
    func readOnly() async throws {
        // A file that is being run may be read and not written, also by root.
        let lock = try await StoreLock.shared("/proc/self/exe")
        #expect(lock != nil)
        #expect(try StoreLock.exclusive("/proc/self/exe") == nil)
    }

    @Test("a Redis store is in use where its owner commits, or another one claims it, while it is watched")
    func fence() async throws {
        let test = RedisUnderTest(server: try await RedisServer.start())
        let reader = try #require(test.reader as? RedisSnapshotReader)
        let clock = ManualClock()
        #expect(try await !reader.isOwned(watching: clock) { clock.advance(by: $0) })
        let store = test.connect(now: noon)
        _ = try await store.restore()
        // Claimed, and nothing committed since.
        #expect(try await !reader.isOwned(watching: clock) { clock.advance(by: $0) })
        #expect(
            try await reader.isOwned(watching: clock) {
                clock.advance(by: $0)
                _ = try await store.commit(CommitBatch())
            }
        )
        // What the passing of 8 s leaves where nobody commits.
        let left = Int(retention.seconds * 1_000) - 8_000
        #expect(
            try await !reader.isOwned(watching: clock) {
                clock.advance(by: $0)
                try await test.send(["PEXPIRE", test.keys.fence, "\(left)"])
            }
        )
        #expect(
            try await reader.isOwned(watching: clock) {
                clock.advance(by: $0)
                _ = try await store.commit(CommitBatch())
            }
        )
        #expect(
            try await reader.isOwned(watching: clock) {
                clock.advance(by: $0)
                _ = try await test.connect(now: noon + 1).restore()
            }
        )
    }
}
