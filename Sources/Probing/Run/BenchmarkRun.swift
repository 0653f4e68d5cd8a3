package import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
import Synchronization

/// Warm-up, then the measured iterations, shared out over the workers of a benchmark.
///
/// The null target is asked before all of it, in the middle of the measured iterations, and after them: a worker asks it
/// instead of the benchmark's target, so the load in the process is that of the run and no iteration is disturbed more than
/// by a worker. While they are measured, the event loop is watched too.
package struct BenchmarkRun<C: Clock>: Sendable where C.Duration == Duration {
    private let definition: BenchmarkDefinition
    private let probe: any Probe
    private let nullTarget: any Probe
    private let eventLoop: any EventLoop
    private let clock: C
    private let redaction: SecretRedaction

    /// What a run measured.
    package struct Result: Hashable, Sendable {
        package var warmupIterations: [IterationOutcome]
        package var iterations: [IterationOutcome]
        /// From the release of the workers to the end of the last iteration, without the time that a worker spent on the
        /// null target, at its share.
        package var elapsed: Duration
        /// Whether every iteration was executed; if not, the run was cancelled.
        package var isComplete: Bool
        /// What the exporter itself added; `nil` where the run was cancelled before that was known.
        package var floor: MeasurementFloor?

        /// What was measured of each of `operations`, which are those of the benchmark.
        package func records(of operations: [OperationDefinition]) -> [OperationRecord] {
            operations.enumerated().map { index, operation in
                OperationRecord(
                    identity: operation.identity,
                    objective: operation.objective,
                    warmupIterations: warmupIterations.map { $0.operation(at: index) },
                    iterations: iterations.map { $0.operation(at: index) },
                    elapsed: elapsed
                )
            }
        }
    }

    /// A run of `probe`, which is timed on `eventLoop`, as is the null target.
    package init(
        _ definition: BenchmarkDefinition,
        probe: any Probe,
        nullTarget: any Probe,
        eventLoop: any EventLoop,
        clock: C
    ) {
        self.definition = definition
        self.probe = probe
        self.nullTarget = nullTarget
        self.eventLoop = eventLoop
        self.clock = clock
        redaction = SecretRedaction(definition.probe)
    }

    /// The time within which a run has ended, whatever its target does.
    package var longestDuration: Duration {
        let rounds = (definition.iterations + definition.warmupIterations) / definition.concurrency + 2
        return (definition.timeout + .milliseconds(100)) * (rounds + 1) + cleanUpTime
            + (sampling().timeout + .milliseconds(100)) * FloorSampling.limit
    }

    /// Executes the iterations; when its task is cancelled, what has finished until then is the result.
    ///
    /// When the probe cannot be prepared, every iteration is that failure: the service was asked and could not answer, and
    /// leaving the run out would hide it.
    package func measure() async -> Result {
        let sampling = sampling()
        await sampling.warmUp()
        await sampling.sample()
        var result = Result(warmupIterations: [], iterations: [], elapsed: .zero, isComplete: false)
        let start = clock.now
        let failure: IterationFailure?
        do {
            failure = try await probe.prepare(deadline: deadline)
        } catch {
            return result
        }
        if let failure {
            result.elapsed = start.duration(to: clock.now)
            let outcome = IterationOutcome(duration: result.elapsed, failure: redaction.redacted(failure))
            result.iterations = Array(repeating: outcome, count: definition.iterations)
        } else {
            result.warmupIterations = await iterate(definition.warmupIterations).outcomes
            guard !Task.isCancelled else { return result }
            let released = clock.now
            let shift = await sampling.watching { await iterate(definition.iterations, sampling) }
            result.elapsed =
                released.duration(to: clock.now) - shift.pause / max(1, workers(for: definition.iterations))
            result.iterations = shift.outcomes
        }
        await sampling.sample()
        result.isComplete = result.iterations.count == definition.iterations
        result.floor = sampling.floor
        return result
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

    private func sampling() -> FloorSampling {
        let strictest = definition.operations.map(\.objective.target).min() ?? definition.timeout
        return FloorSampling(of: nullTarget, on: eventLoop, target: strictest, limit: definition.timeout)
    }

    /// Executes `count` iterations; each worker takes the next one as soon as it has finished its last.
    ///
    /// The worker that takes the one in the middle asks the null target first where there is a `sampling`.
    private func iterate(_ count: Int, _ sampling: FloorSampling? = nil) async -> Shift {
        let workers = workers(for: count)
        let supply = IterationSupply(count)
        let gate = StartGate(workers: workers)
        return await withTaskGroup(of: Shift.self) { group in
            for _ in 0..<workers {
                group.addTask {
                    await gate.arrive()
                    var shift = Shift()
                    while !Task.isCancelled, let index = supply.take() {
                        if let sampling, index == count / 2 {
                            shift.pause = await clock.measure { await sampling.sample() }
                        }
                        guard let outcome = await execute() else { break }
                        shift.outcomes.append(outcome)
                    }
                    return shift
                }
            }
            return await group.reduce(into: Shift()) { whole, shift in
                whole.outcomes += shift.outcomes
                whole.pause += shift.pause
            }
        }
    }

    private func workers(for count: Int) -> Int {
        min(definition.concurrency, count)
    }

    /// Executes one iteration; `nil` when it was cancelled.
    private func execute() async -> IterationOutcome? {
        let trace = definition.probe.carriesTraceContext ? TraceContext() : nil
        return await TraceContext.$current.withValue(trace) {
            guard var outcome = try? await probe.execute(deadline: deadline) else { return nil }
            outcome.finish(redaction, trace)
            for index in outcome.operations.indices { outcome.operations[index].finish(redaction, trace) }
            return outcome
        }
    }
}

extension IterationOutcome {
    /// What the operation at `index` came to.
    fileprivate func operation(at index: Int) -> IterationOutcome {
        operations.indices.contains(index) ? operations[index] : self
    }

    /// Keeps secrets out, and adds the trace that the requests carried.
    fileprivate mutating func finish(_ redaction: SecretRedaction, _ trace: TraceContext?) {
        failure = failure.map(redaction.redacted)
        traceID = trace?.traceID
    }
}

/// What one worker did, or all of them.
private struct Shift {
    var outcomes: [IterationOutcome] = []
    /// Spent on the null target instead of the benchmark's.
    var pause = Duration.zero
}

/// The iterations that no worker has taken yet.
private final class IterationSupply: Sendable {
    private let count: Int
    private let taken = Mutex(0)

    init(_ count: Int) {
        self.count = count
    }

    /// The index of the next iteration; `nil` when there is none.
    func take() -> Int? {
        taken.withLock { taken in
            guard taken < count else { return nil }
            defer { taken += 1 }
            return taken
        }
    }
}
