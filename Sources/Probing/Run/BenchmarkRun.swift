package import BenchmarkModel
package import ExporterConfiguration
import NIOCore
import Synchronization

/// Warm-up, then the measured iterations, shared out over the workers of a benchmark.
package struct BenchmarkRun<C: Clock>: Sendable where C.Duration == Duration {
    private let definition: BenchmarkDefinition
    private let probe: any Probe
    private let clock: C
    private let redaction: SecretRedaction

    /// What a run measured.
    package struct Result: Hashable, Sendable {
        package var warmupIterations: [IterationOutcome]
        package var iterations: [IterationOutcome]
        /// From the release of the workers to the end of the last iteration.
        package var elapsed: Duration
        /// Whether every iteration was executed; if not, the run was cancelled.
        package var isComplete: Bool
    }

    package init(_ definition: BenchmarkDefinition, probe: any Probe, clock: C) {
        self.definition = definition
        self.probe = probe
        self.clock = clock
        redaction = SecretRedaction(definition.probe)
    }

    /// The time within which a run has ended, whatever its target does.
    package var longestDuration: Duration {
        let rounds = (definition.iterations + definition.warmupIterations) / definition.concurrency + 2
        return (definition.timeout + .milliseconds(100)) * (rounds + 1) + cleanUpTime
    }

    /// Executes the iterations; when its task is cancelled, what has finished until then is the result.
    ///
    /// When the probe cannot be prepared, every iteration is that failure: the service was asked and could not answer, and
    /// leaving the run out would hide it.
    package func measure() async -> Result {
        let start = clock.now
        let failure: IterationFailure?
        do {
            failure = try await probe.prepare(deadline: deadline)
        } catch {
            return Result(warmupIterations: [], iterations: [], elapsed: .zero, isComplete: false)
        }
        if let failure {
            let elapsed = start.duration(to: clock.now)
            let outcome = IterationOutcome(duration: elapsed, failure: redaction.redacted(failure))
            let outcomes = Array(repeating: outcome, count: definition.iterations)
            return Result(warmupIterations: [], iterations: outcomes, elapsed: elapsed, isComplete: true)
        }
        let warmup = await iterate(definition.warmupIterations)
        guard !Task.isCancelled else {
            return Result(warmupIterations: warmup, iterations: [], elapsed: .zero, isComplete: false)
        }
        let released = clock.now
        let iterations = await iterate(definition.iterations)
        return Result(
            warmupIterations: warmup,
            iterations: iterations,
            elapsed: released.duration(to: clock.now),
            isComplete: iterations.count == definition.iterations
        )
    }

    /// Lets the probe clean up after a run, whatever became of it; in a task that is not cancelled.
    package func cleanUp() async {
        await probe.cleanUp(deadline: .now() + .nanoseconds(cleanUpTime.nanoseconds))
    }

    /// Cleaning up also happens during a shutdown, which has 10 s in all.
    private var cleanUpTime: Duration {
        min(definition.timeout, .seconds(2))
    }

    /// The deadline of an iteration that begins now.
    private var deadline: NIODeadline {
        .now() + .nanoseconds(definition.timeout.nanoseconds)
    }

    /// Executes `count` iterations; each worker takes the next one as soon as it has finished its last.
    private func iterate(_ count: Int) async -> [IterationOutcome] {
        let workers = min(definition.concurrency, count)
        let supply = IterationSupply(count)
        let gate = StartGate(workers: workers)
        return await withTaskGroup(of: [IterationOutcome].self) { group in
            for _ in 0..<workers {
                group.addTask {
                    await gate.arrive()
                    var outcomes: [IterationOutcome] = []
                    while !Task.isCancelled && supply.take() {
                        guard let outcome = await execute() else { break }
                        outcomes.append(outcome)
                    }
                    return outcomes
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Executes one iteration; `nil` when it was cancelled.
    private func execute() async -> IterationOutcome? {
        let trace = definition.probe.carriesTraceContext ? TraceContext() : nil
        return await TraceContext.$current.withValue(trace) {
            guard var outcome = try? await probe.execute(deadline: deadline) else { return nil }
            outcome.failure = outcome.failure.map(redaction.redacted)
            outcome.traceID = trace?.traceID
            return outcome
        }
    }
}

/// The iterations that no worker has taken yet.
private final class IterationSupply: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) {
        left = Mutex(count)
    }

    func take() -> Bool {
        left.withLock { left in
            left -= 1
            return left >= 0
        }
    }
}
