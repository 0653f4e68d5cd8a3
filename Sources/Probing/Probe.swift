package import BenchmarkModel
package import NIOCore

/// A question that can be asked again and again.
package protocol Probe: Sendable {
    /// Asks once and says what was measured; a failure of any kind is an outcome, with its reason.
    ///
    /// Several workers may call this at the same time. It returns at most 100 ms after `deadline`, whatever the target
    /// does, and throws only when its task was cancelled or the token budget of its target is spent: such an iteration enters
    /// no counter, and the run ends with what has finished.
    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome

    /// Runs once before the first iteration of a run, not measured; a failure is that of all iterations of the run.
    func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure?

    /// Runs once after the last iteration of a run, whatever happened, also when the run was cancelled.
    func cleanUp(deadline: NIODeadline) async
}

extension Probe {
    package func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure? { nil }

    package func cleanUp(deadline: NIODeadline) async {}
}
