import NIOCore
import Synchronization

/// The answer of one lookup, awaited by one task that may give up on it.
final class LookupAnswer: Sendable {
    typealias Value = Result<[SocketAddress], NameResolutionError>

    private enum State {
        case pending(CheckedContinuation<Value, Never>?)
        case resolved(Value)
    }

    private let state = Mutex(State.pending(nil))

    /// Gives the answer; only the first one counts.
    func resolve(with value: Value) {
        let waiter = state.withLock { state -> CheckedContinuation<Value, Never>? in
            guard case .pending(let waiter) = state else { return nil }
            state = .resolved(value)
            return waiter
        }
        waiter?.resume(returning: value)
    }

    /// Waits for the answer, the deadline or the cancellation of the task, whichever comes first.
    func value(of host: String, until deadline: NIODeadline) async -> Value {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let time = max(.zero, deadline.duration(since: .now()))
                guard (try? await Task.sleep(for: time)) != nil else { return }
                self.resolve(with: .failure(NameResolutionError(.timedOut, host: host)))
            }
            defer { group.cancelAll() }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let value = state.withLock { state -> Value? in
                        switch state {
                        case .pending:
                            state = .pending(continuation)
                            return nil
                        case .resolved(let value):
                            return value
                        }
                    }
                    if let value { continuation.resume(returning: value) }
                }
            } onCancel: {
                resolve(with: .failure(NameResolutionError(.cancelled, host: host)))
            }
        }
    }
}
