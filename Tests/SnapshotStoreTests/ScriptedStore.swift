import BenchmarkModel
import Synchronization

@testable import SnapshotStore

/// A store that answers as a test wants, and tells what it was asked for.
actor ScriptedStore: SnapshotStore {
    /// What an operation does.
    enum Behaviour: Sendable {
        case succeed, fail
        /// Answers when the test says so, and not even a cancellation can hurry it.
        case stall(Gate)
        case fenced
    }

    private var snapshot: StoredSnapshot
    private var behaviour = Behaviour.succeed
    private var session = StoreSession(number: 1)
    private(set) var claims = 0
    private(set) var isClosed = false
    private let batches: AsyncStream<CommitBatch>
    private let batchesAsked: AsyncStream<CommitBatch>.Continuation

    init(_ states: [BenchmarkState] = [], documents: [String: [UInt8]] = [:], acknowledged: Bool = true) {
        let byName = Dictionary(uniqueKeysWithValues: states.map { ($0.benchmark, $0) })
        snapshot = StoredSnapshot(
            states: byName,
            acknowledged: acknowledged ? Set(byName.keys) : [],
            documents: documents,
            fence: 1,
            session: StoreSession(number: 1)
        )
        (batches, batchesAsked) = AsyncStream.makeStream()
    }

    /// The next batch with something in it that was asked for, whatever became of it.
    nonisolated func nextBatch() async -> CommitBatch? {
        for await batch in batches { return batch }
        return nil
    }

    func become(_ behaviour: Behaviour) {
        self.behaviour = behaviour
    }

    /// What a new connection or an emptied server makes of it.
    func beginSession() {
        session.number += 1
    }

    func restore() async throws(StoreError) -> StoredSnapshot {
        try await behave(.restore)
        claims += 1
        snapshot.session = session
        return snapshot
    }

    func commit(_ batch: CommitBatch) async throws(StoreError) -> StoreSession {
        if batch != CommitBatch() { batchesAsked.yield(batch) }
        try await behave(.commit)
        return session
    }

    func close() {
        isClosed = true
    }

    private func behave(_ operation: StoreOperation) async throws(StoreError) {
        switch behaviour {
        case .succeed: return
        case .fail: throw StoreError(.failed, operation, of: "test", answer: "refused")
        case .fenced: throw StoreError(.fenced, operation, of: "test", answer: "a newer process has claimed it")
        case .stall(let gate): await gate.wait()
        }
    }
}

/// Holds everyone until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
