import Synchronization

/// Something that happens once and that any number of tasks can wait for.
package final class StopSignal: Sendable {
    private struct State {
        var isSet = false
        var nextID = 0
        var cancelled: Set<Int> = []
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether it has happened.
    package var isSet: Bool { state.withLock(\.isSet) }

    /// It happens; without effect after the first time.
    package func set() {
        let released = state.withLock { state in
            state.isSet = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in released { continuation.resume() }
    }

    /// Returns when the signal is set, or the task is cancelled.
    package func wait() async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isSet || state.cancelled.remove(id) != nil { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                let continuation = state.waiting.removeValue(forKey: id)
                if continuation == nil { state.cancelled.insert(id) }
                return continuation
            }
            continuation?.resume()
        }
    }

    /// The result of `operation`, which is cancelled when the signal is set.
    ///
    /// Only the operation is cancelled and not the task, so that what it did until then can still be used.
    @discardableResult
    package func unlessSet<R: Sendable>(_ operation: @escaping @Sendable () async -> R) async -> R? {
        await withTaskGroup(of: R?.self) { group in
            group.addTask { await operation() }
            group.addTask {
                await self.wait()
                return nil
            }
            var result: R?
            for await finished in group {
                result = finished ?? result
                group.cancelAll()
            }
            return result
        }
    }
}
