import BenchmarkModel
import NIOCore
import Probing
import Synchronization

/// A probe whose iterations take as long as a test says, without taking any time.
final class FixedProbe: Probe {
    private let durations: [Duration]
    private let executions = Mutex(0)
    private let duringExecution: @Sendable (Int) -> Void

    /// The first iteration takes the first of `durations`, the second the second, and all further ones the last.
    ///
    /// `duringExecution` is told the number of the iteration, from 0.
    init(_ durations: Duration..., duringExecution: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.durations = durations
        self.duringExecution = duringExecution
    }

    /// The iterations so far.
    var count: Int { executions.withLock(\.self) }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        let index = executions.withLock { executions in
            defer { executions += 1 }
            return executions
        }
        duringExecution(index)
        return IterationOutcome(duration: durations.isEmpty ? .zero : durations[min(index, durations.count - 1)])
    }
}
