import BenchmarkModel
import NIOCore
import Probing

/// A probe that says how a test wants it to fail.
struct FailingProbe: Probe {
    var failure = IterationFailure(.http5xx, "status 503")
    /// `nil` where it can be prepared.
    var preparationFailure: IterationFailure?

    func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure? { preparationFailure }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        IterationOutcome(duration: .milliseconds(1), failure: failure)
    }
}
