import Dispatch
import ExporterServer
import Foundation
import Synchronization
import Testing

@testable import ExporterServer

extension PasswordHash {
    /// Of the password `open sesame`, and cheap to try.
    static func openSesame() throws -> PasswordHash {
        try #require(PasswordHash("$2b$04$TOr/AlGbYMFQ1uGQl8c8Z.7zPzLs4vr.OUSCQaA0hoGooHLJJdb0q"))
    }
}

@Suite("A bcrypt hash")
struct PasswordHashTests {
    @Test(
        "matches its password only, whatever made it",
        arguments: [
            ("$2b$04$TOr/AlGbYMFQ1uGQl8c8Z.7zPzLs4vr.OUSCQaA0hoGooHLJJdb0q", "open sesame"),
            ("$2b$04$edJexUdYL38A5Hzy7A8P0.Ar6mXcvHdqy8rGp.SIozH3qKO8zQFFm", "pässword"),
            ("$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW", "open sesame"),
            ("$2a$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW", "open sesame"),
            // The one that Prometheus' exporter toolkit tries for unknown users.
            ("$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi", "fakepassword"),
        ]
    )
    func matches(text: String, password: String) throws {
        let hash = try #require(PasswordHash(text))
        #expect(hash.matches(Array(password.utf8)))
        #expect(!hash.matches(Array((password + "x").utf8)))
        #expect(!hash.matches([]))
        #expect(!hash.decoy.matches(Array(password.utf8)))
        #expect(hash.decoy.cost == hash.cost)
        #expect("\(hash) \(String(reflecting: hash))".contains(text) == false)
    }

    @Test(
        "is nothing else than that",
        arguments: [
            "", "secret", "$1$abc$def", "$2x$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW",
            "$2b$03$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW",
            "$2b$17$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW",
            "$2b$5$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW",
            "$2b$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wC",
            "$2b$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wC*",
        ]
    )
    func refused(text: String) {
        #expect(PasswordHash(text) == nil)
    }
}

@Suite("Trying passwords", .timeLimit(.minutes(1)))
struct PasswordVerifierTests {
    /// How often a password was tried, and a gate that every try waits at.
    private final class Tries: Sendable {
        private let count = Mutex(0)
        private let gate = DispatchSemaphore(value: 0)
        let started = Event()

        var all: Int { count.withLock { $0 } }

        func open(_ times: Int = 1000) { for _ in 0..<times { gate.signal() } }

        func attempt(_ hash: PasswordHash, _ password: [UInt8]) -> Bool {
            count.withLock { $0 += 1 }
            started.happen()
            gate.wait()
            return hash.matches(password)
        }
    }

    private static let right = Array("open sesame".utf8)

    @Test("a right password is tried once, a wrong one and an unknown user each time")
    func cache() async throws {
        let tries = Tries()
        tries.open()
        let verifier = PasswordVerifier(matches: tries.attempt)
        let users = ["alice": try PasswordHash.openSesame()]
        for _ in 0..<3 { #expect(await verifier.verify(user: "alice", password: Self.right, users: users) == .right) }
        #expect(tries.all == 1)
        for _ in 0..<2 { #expect(await verifier.verify(user: "alice", password: [1], users: users) == .wrong) }
        #expect(tries.all == 3)
        #expect(await verifier.verify(user: "bob", password: Self.right, users: users) == .wrong)
        #expect(tries.all == 4)
        #expect(await verifier.verify(user: "alice", password: Self.right, users: [:]) == .wrong)
    }

    @Test("another hash for the user is another question")
    func changedHash() async throws {
        let verifier = PasswordVerifier()
        let old = try PasswordHash.openSesame()
        let new = try #require(PasswordHash("$2b$04$edJexUdYL38A5Hzy7A8P0.Ar6mXcvHdqy8rGp.SIozH3qKO8zQFFm"))
        #expect(await verifier.verify(user: "alice", password: Self.right, users: ["alice": old]) == .right)
        #expect(await verifier.verify(user: "alice", password: Self.right, users: ["alice": new]) == .wrong)
    }

    @Test("the same credentials at the same time are tried once, and no more than sixteen others wait")
    func bounded() async throws {
        let tries = Tries()
        let verifier = PasswordVerifier(matches: tries.attempt)
        let users = ["alice": try PasswordHash.openSesame()]
        let verdicts = await withTaskGroup(of: PasswordVerifier.Verdict.self) { group in
            for number in 0..<40 {
                let password = [UInt8(number / 2 + 1)]
                group.addTask { await verifier.verify(user: "alice", password: password, users: users) }
            }
            var verdicts: [PasswordVerifier.Verdict] = []
            // Four pairs find no place, and are told at once.
            for _ in 0..<8 { if let verdict = await group.next() { verdicts.append(verdict) } }
            tries.open()
            for await verdict in group { verdicts.append(verdict) }
            return verdicts
        }
        #expect(verdicts.prefix(8).allSatisfy { $0 == .untried })
        #expect(verdicts.dropFirst(8).allSatisfy { $0 == .wrong })
        #expect(verdicts.count == 40)
        #expect(tries.all == 16)
    }

    @Test("a cancelled caller leaves at once, though the try goes on")
    func cancellation() async throws {
        let tries = Tries()
        let verifier = PasswordVerifier(matches: tries.attempt)
        let users = ["alice": try PasswordHash.openSesame()]
        await withTaskGroup(of: PasswordVerifier.Verdict.self) { group in
            group.addTask { await verifier.verify(user: "alice", password: Self.right, users: users) }
            await tries.started.wait()
            group.cancelAll()
            #expect(await group.next() == .untried)
        }
        tries.open()
        #expect(await verifier.verify(user: "alice", password: Self.right, users: users) == .right)
    }
}
