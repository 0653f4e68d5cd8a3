import NIOCore
import Synchronization

/// The permits to ask one target, handed out in the order in which they were asked for.
final class InFlightLimit: Sendable {
    private struct State {
        /// `nil` for no limit.
        var limit: Int?
        var inFlight = 0
        var waiting: [Waiter] = []

        var isFull: Bool { limit.map { inFlight >= $0 } ?? false }

        /// Gives free permits to those who wait longest and still wait.
        mutating func admitWaiting() {
            var next = 0
            while !isFull, next < waiting.count {
                if waiting[next].settle(.admitted) { inFlight += 1 }
                next += 1
            }
            waiting.removeFirst(next)
        }
    }

    private let state: Mutex<State>
    private let eventLoop: any EventLoop

    /// At most `limit` permits at the same time, any number where that is `nil`; deadlines are those of `eventLoop`.
    init(_ limit: Int?, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        state = Mutex(State(limit: limit))
    }

    /// The number of permits there are at the same time; fewer than are out means that none is given until enough are back.
    var limit: Int? {
        get { state.withLock(\.limit) }
        set {
            state.withLock { state in
                state.limit = newValue
                state.admitWaiting()
            }
        }
    }

    /// Waits for a permit, which must be given back with `release`; `false` where none was free before `deadline`.
    func acquire(before deadline: NIODeadline) async throws(CancellationError) -> Bool {
        let waiter = state.withLock { state -> Waiter? in
            guard state.isFull || !state.waiting.isEmpty else {
                state.inFlight += 1
                return nil
            }
            let waiter = Waiter()
            state.waiting.append(waiter)
            return waiter
        }
        guard let waiter else { return true }
        let alarm = eventLoop.scheduleTask(deadline: deadline) { _ = waiter.settle(.late) }
        let ending = await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            _ = waiter.settle(.cancelled)
        }
        alarm.cancel()
        switch ending {
        case .admitted: return true
        case .late:
            withdraw(waiter)
            return false
        case .cancelled:
            withdraw(waiter)
            throw CancellationError()
        }
    }

    /// Gives a permit back.
    func release() {
        state.withLock { state in
            state.inFlight -= 1
            state.admitWaiting()
        }
    }

    private func withdraw(_ waiter: Waiter) {
        state.withLock { state in state.waiting.removeAll { $0 === waiter } }
    }
}

/// One who waits for a permit; whatever ends the wait first, ends it once.
private final class Waiter: Sendable {
    enum Ending {
        case admitted, late, cancelled
    }

    private enum State {
        case fresh
        case waiting(CheckedContinuation<Ending, Never>)
        case settled(Ending)
    }

    private let state = Mutex(State.fresh)

    /// Ends the wait; `false` where it has ended before.
    func settle(_ ending: Ending) -> Bool {
        let (isFirst, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Ending, Never>?) in
            switch state {
            case .settled: return (false, nil)
            case .fresh:
                state = .settled(ending)
                return (true, nil)
            case .waiting(let continuation):
                state = .settled(ending)
                return (true, continuation)
            }
        }
        continuation?.resume(returning: ending)
        return isFirst
    }

    /// Waits for the end; called once.
    func wait() async -> Ending {
        await withCheckedContinuation { continuation in
            let ending = state.withLock { state -> Ending? in
                if case .settled(let ending) = state { return ending }
                state = .waiting(continuation)
                return nil
            }
            if let ending { continuation.resume(returning: ending) }
        }
    }
}
