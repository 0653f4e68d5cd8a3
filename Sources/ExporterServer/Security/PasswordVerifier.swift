import Crypto
import Dispatch
import Synchronization

/// Tries passwords on a thread of its own, one at a time, as each takes about a tenth of a second of a core on purpose.
///
/// What waits is bounded, and the same credentials twice are tried once. Right ones are remembered, under a keyed hash of
/// all that decides about them, so that a scraper costs one try in the life of the process.
final class PasswordVerifier: Sendable {
    enum Verdict: Equatable {
        case right
        case wrong
        /// Too many wait already, or the server is about to end.
        case untried
    }

    private typealias Key = [UInt8]

    private struct State {
        /// Who waits for which credentials, each by a number of its own.
        var waiting: [Key: [UInt64: CheckedContinuation<Verdict, Never>]] = [:]
        var cancelled: Set<UInt64> = []
        var nextNumber: UInt64 = 0
        /// The oldest first.
        var right: [Key] = []
    }

    private static let mostWaiting = 16
    private static let mostRemembered = 128

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "passwords")
    private let secret = SymmetricKey(size: .bits256)
    private let matches: @Sendable (PasswordHash, [UInt8]) -> Bool

    /// `matches` is called on the thread of this verifier only.
    init(matches: @escaping @Sendable (PasswordHash, [UInt8]) -> Bool = { $0.matches($1) }) {
        self.matches = matches
    }

    /// Whether it is known without a try that `user` has the password.
    func remembers(user: String, password: [UInt8], users: [String: PasswordHash]) -> Bool {
        guard let hash = users[user] else { return false }
        let key = key(user: user, password: password, hash: hash)
        return state.withLock { $0.right.contains(key) }
    }

    /// Whether `user` has the password.
    ///
    /// An unknown one is tried against a hash that no password has, so that the time does not tell whether there is such a
    /// user. A cancelled caller leaves at once.
    func verify(user: String, password: [UInt8], users: [String: PasswordHash]) async -> Verdict {
        let known = users[user]
        guard let hash = known ?? users.values.max(by: { $0.cost < $1.cost })?.decoy else { return .wrong }
        if remembers(user: user, password: password, users: users) { return .right }
        let key = key(user: user, password: password, hash: hash)
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait(continuation, number: number, key: key) { [matches] in
                    matches(hash, password) && known != nil
                }
            }
        } onCancel: {
            leave(number, key: key)
        }
    }

    /// Enters a caller, and starts a try unless the same one is under way.
    private func wait(
        _ continuation: CheckedContinuation<Verdict, Never>,
        number: UInt64,
        key: Key,
        attempt: @escaping @Sendable () -> Bool
    ) {
        enum Entry {
            case refused, first, further
        }
        let entry = state.withLock { state -> Entry in
            if state.cancelled.remove(number) != nil { return .refused }
            if state.waiting[key] != nil {
                state.waiting[key]?[number] = continuation
                return .further
            }
            guard state.waiting.count < Self.mostWaiting else { return .refused }
            state.waiting[key] = [number: continuation]
            return .first
        }
        switch entry {
        case .refused: continuation.resume(returning: .untried)
        case .further: break
        case .first: queue.async { self.settle(key, isRight: attempt()) }
        }
    }

    private func settle(_ key: Key, isRight: Bool) {
        let waiters = state.withLock { state in
            if isRight {
                state.right.append(key)
                if state.right.count > Self.mostRemembered { state.right.removeFirst() }
            }
            return state.waiting.removeValue(forKey: key) ?? [:]
        }
        for waiter in waiters.values { waiter.resume(returning: isRight ? .right : .wrong) }
    }

    private func leave(_ number: UInt64, key: Key) {
        let waiter = state.withLock { state -> CheckedContinuation<Verdict, Never>? in
            guard let waiter = state.waiting[key]?.removeValue(forKey: number) else {
                // It has not entered yet, or has its verdict already, and then nobody asks for the number again.
                state.cancelled.insert(number)
                return nil
            }
            return waiter
        }
        waiter?.resume(returning: .untried)
    }

    private func key(user: String, password: [UInt8], hash: PasswordHash) -> Key {
        // Each part by its digest, so that no two triples become the same bytes.
        var parts = HMAC<SHA256>(key: secret)
        parts.update(data: Array(SHA256.hash(data: Array(user.utf8))))
        parts.update(data: Array(SHA256.hash(data: password)))
        parts.update(data: hash.digest)
        return Array(parts.finalize())
    }
}
