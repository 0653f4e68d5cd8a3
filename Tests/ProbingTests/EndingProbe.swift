import BenchmarkModel
import NIOCore
import Probing
import Synchronization

/// A probe whose iteration number `end` finds the budget spent, while those after it would succeed.
final class EndingProbe: Probe {
    private let end: Int
    private let executions = Mutex(0)
    private let duringExecution: @Sendable () -> Void

    init(at end: Int, duringExecution: @escaping @Sendable () -> Void = {}) {
        self.end = end
        self.duringExecution = duringExecution
    }

    /// The iterations so far.
    var count: Int { executions.withLock(\.self) }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        let index = executions.withLock { executions in
            defer { executions += 1 }
            return executions
        }
        duringExecution()
        if index == end { throw CancellationError() }
        await Task.yield()
        return IterationOutcome(duration: .zero)
    }
}
