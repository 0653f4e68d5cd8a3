import Dispatch
import Synchronization

/// A thread of its own for calls that block, such as those to a disk.
///
/// A caller whose task is cancelled leaves at once, while its call goes on: nobody can interrupt a disk that stands
/// still, but the program must be able to end.
struct BlockingQueue: Sendable {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// The result of `work`, after all work that was handed in before; `nil` when the task was cancelled meanwhile.
    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
        let handover = Handover<Value>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                handover.wait(continuation)
                queue.async { handover.settle(work()) }
            }
        } onCancel: {
            handover.settle(nil)
        }
    }
}

/// A value that is handed over once; whatever comes later is dropped.
private final class Handover<Value: Sendable>: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Value?, Never>)
        case settled(Value?)
    }

    private let state = Mutex(State.idle)

    func wait(_ continuation: CheckedContinuation<Value?, Never>) {
        let early = state.withLock { state -> Value?? in
            if case .settled(let value) = state { return .some(value) }
            state = .waiting(continuation)
            return .none
        }
        if let early { continuation.resume(returning: early) }
    }

    func settle(_ value: Value?) {
        let waiter = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            switch state {
            case .settled: return nil
            case .idle:
                state = .settled(value)
                return nil
            case .waiting(let continuation):
                state = .settled(value)
                return continuation
            }
        }
        waiter?.resume(returning: value)
    }
}
