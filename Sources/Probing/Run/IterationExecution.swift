import BenchmarkModel
import ExporterConfiguration
import NIOCore

/// Executes iterations of a benchmark: in time, named to the service, and with no secret in what is said of them.
struct IterationExecution: Sendable {
    let probe: any Probe
    /// Of one iteration.
    let timeout: Duration
    private let redaction: SecretRedaction
    private let carriesTraceContext: Bool
    /// Told of every outcome.
    private var observer: @Sendable (IterationOutcome) -> Void = { _ in }

    init(_ definition: BenchmarkDefinition, probe: any Probe) {
        self.probe = probe
        timeout = definition.timeout
        redaction = SecretRedaction(definition.probe)
        carriesTraceContext = definition.probe.carriesTraceContext
    }

    /// The same, with somebody who is told of every outcome.
    func observed(by observer: @escaping @Sendable (IterationOutcome) -> Void) -> Self {
        var result = self
        result.observer = observer
        return result
    }

    /// The time within which an iteration has ended, whatever its target does.
    var longestDuration: Duration { timeout + .milliseconds(100) }

    /// Lets the probe prepare for a run; a failure is that of every iteration.
    func prepare() async throws(CancellationError) -> IterationFailure? {
        try await probe.prepare(deadline: deadline).map(redaction.redacted)
    }

    /// Executes one iteration; `nil` when it was cancelled.
    func execute() async -> IterationOutcome? {
        let trace = carriesTraceContext ? TraceContext() : nil
        return await TraceContext.$current.withValue(trace) {
            guard var outcome = try? await probe.execute(deadline: deadline) else { return nil }
            outcome.finish(redaction, trace)
            for index in outcome.operations.indices { outcome.operations[index].finish(redaction, trace) }
            observer(outcome)
            return outcome
        }
    }

    /// The deadline of an iteration that begins now.
    private var deadline: NIODeadline {
        .now() + .nanoseconds(timeout.nanoseconds)
    }
}

extension IterationOutcome {
    /// Keeps secrets out, and adds the trace that the requests carried where the probe did not name one itself.
    fileprivate mutating func finish(_ redaction: SecretRedaction, _ trace: TraceContext?) {
        failure = failure.map(redaction.redacted)
        traceID = trace?.traceID ?? traceID
    }
}
