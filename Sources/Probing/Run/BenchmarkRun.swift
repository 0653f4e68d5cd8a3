package import BenchmarkModel
package import ExporterConfiguration
package import NIOCore

/// Warm-up, then the measured iterations: in a closed loop by the workers of a benchmark, or in an open loop as they come.
///
/// The null target is asked before all of it, in the middle of the measured iterations, and after them, so that the load
/// in the process is that of the run; while they are measured, the event loop is watched too. What several workers
/// achieved is then held against one.
package struct BenchmarkRun<C: Clock>: Sendable where C.Duration == Duration {
    private let definition: BenchmarkDefinition
    private let execution: IterationExecution
    /// The same for the measured iterations.
    private let measuredExecution: IterationExecution
    private let nullTarget: any Probe
    private let eventLoop: any EventLoop
    private let clock: C

    /// What a run measured.
    package struct Result: Hashable, Sendable {
        /// Those of the one worker included that several are held against.
        package var warmupIterations: [IterationOutcome]
        package var iterations: [IterationOutcome]
        /// From the release of the first iteration to the end of the last, without the time that a worker spent on the null
        /// target, at its share.
        package var elapsed: Duration
        /// Whether every iteration was executed; if not, the run was cancelled.
        package var isComplete: Bool
        /// What the exporter itself added; `nil` where the run was cancelled before that was known.
        package var floor: MeasurementFloor?
        /// `nil` where no iteration was executed.
        package var load: LoadFigures?

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

    /// A run of `probe`, which is timed on `eventLoop`, as is the null target; `observer` is told of every measured iteration
    /// when it has ended.
    package init(
        _ definition: BenchmarkDefinition,
        probe: any Probe,
        nullTarget: any Probe,
        eventLoop: any EventLoop,
        clock: C,
        observer: @escaping @Sendable (IterationOutcome) -> Void = { _ in }
    ) {
        self.definition = definition
        execution = IterationExecution(definition, probe: probe)
        measuredExecution = execution.observed(by: observer)
        self.nullTarget = nullTarget
        self.eventLoop = eventLoop
        self.clock = clock
    }

    /// The time within which a run has ended, whatever its target does.
    package var longestDuration: Duration {
        let preparation = execution.longestDuration
        let measurement = openLoop?.longestDuration ?? closedLoop.longestDuration
        return preparation + warmup.longestDuration + measurement + (reference?.longestDuration ?? .zero) + cleanUpTime
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
            failure = try await execution.prepare()
        } catch {
            return result
        }
        if let failure {
            result.elapsed = start.duration(to: clock.now)
            let outcome = IterationOutcome(duration: result.elapsed, failure: failure)
            result.iterations = Array(repeating: outcome, count: definition.iterations)
        } else {
            result.warmupIterations = await warmup.run().outcomes
            guard result.warmupIterations.count == definition.warmupIterations else { return result }
            let measured = await sampling.watching {
                if let openLoop { await openLoop.run(sampling) } else { await closedLoop.run(sampling) }
            }
            result.iterations = measured.outcomes
            result.elapsed = measured.elapsed
            result.load = LoadFigures(peakInFlight: measured.peakInFlight)
            if let reference, measured.outcomes.count == definition.iterations {
                let alone = await reference.run()
                result.warmupIterations += alone.outcomes
                if alone.outcomes.count == reference.iterations {
                    result.load?.efficiency = efficiency(of: measured, against: alone)
                }
            }
        }
        await sampling.sample()
        result.isComplete = result.iterations.count == definition.iterations
        result.floor = sampling.floor
        return result
    }

    /// Lets the probe clean up after a run, whatever became of it; in a task that is not cancelled.
    ///
    /// It ends before `deadline`, also where there is something left to do.
    package func cleanUp(before deadline: NIODeadline = .distantFuture) async {
        await execution.probe.cleanUp(deadline: min(deadline, .now() + .nanoseconds(cleanUpTime.nanoseconds)))
    }

    /// Cleaning up also happens during a shutdown, which has 10 s in all.
    private var cleanUpTime: Duration {
        min(definition.timeout, .seconds(2))
    }

    private var warmup: ClosedLoop<C> { closedLoop(definition.warmupIterations) }

    private var closedLoop: ClosedLoop<C> { closedLoop(definition.iterations, measuredExecution) }

    /// Executes the measured iterations where they arrive on a schedule of their own.
    private var openLoop: OpenLoop<C>? {
        definition.arrival.map { arrival in
            OpenLoop(
                measuredExecution,
                arrival: arrival,
                iterations: definition.iterations,
                limit: definition.concurrency,
                eventLoop: eventLoop,
                clock: clock
            )
        }
    }

    /// One worker, whom several are held against; `nil` where that is not asked for.
    private var reference: ClosedLoop<C>? {
        guard definition.category == .concurrentOperations, definition.arrival == nil, closedLoop.workers > 1 else {
            return nil
        }
        return closedLoop(min(10, definition.iterations), concurrency: 1)
    }

    private func closedLoop(
        _ iterations: Int,
        _ execution: IterationExecution? = nil,
        concurrency: Int? = nil
    ) -> ClosedLoop<C> {
        ClosedLoop(
            execution ?? self.execution,
            iterations: iterations,
            concurrency: concurrency ?? definition.concurrency,
            clock: clock
        )
    }

    /// The throughput of all workers, as a share of what as many would have that do not hinder each other.
    ///
    /// Successes only: a service that refuses what is too much for it does not become faster by that.
    private func efficiency(of measured: LoopResult, against alone: LoopResult) -> Double? {
        guard let together = measured.successRate, let single = alone.successRate else { return nil }
        return together / (Double(closedLoop.workers) * single)
    }

    private func sampling() -> FloorSampling {
        let strictest = definition.operations.map(\.objective.target).min() ?? definition.timeout
        return FloorSampling(of: nullTarget, on: eventLoop, target: strictest, limit: definition.timeout)
    }
}

extension IterationOutcome {
    /// What the operation at `index` came to.
    fileprivate func operation(at index: Int) -> IterationOutcome {
        operations.indices.contains(index) ? operations[index] : self
    }
}
