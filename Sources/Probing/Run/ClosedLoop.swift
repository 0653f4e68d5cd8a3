import BenchmarkModel
import Synchronization

/// Workers that are released together, and that each take the next iteration as soon as they have finished their last.
///
/// A service that answers slowly is asked less often, so a closed loop shows what a service can do, and hides from those
/// who would have asked meanwhile how long they would have waited: that is what an open loop is for.
struct ClosedLoop<C: Clock>: Sendable where C.Duration == Duration {
    /// At least one, unless there are no iterations.
    let workers: Int
    let iterations: Int
    private let execution: IterationExecution
    private let clock: C

    /// A loop of `iterations` by as many workers as there is work for, up to `concurrency`.
    init(_ execution: IterationExecution, iterations: Int, concurrency: Int, clock: C) {
        self.execution = execution
        self.iterations = iterations
        workers = min(concurrency, iterations)
        self.clock = clock
    }

    /// The time within which the loop has ended, whatever the target does.
    var longestDuration: Duration {
        execution.longestDuration * ((iterations + workers - 1) / max(1, workers))
    }

    /// Executes the iterations; the worker that takes the one in the middle asks the null target first where there is a
    /// `sampling`.
    func run(_ sampling: FloorSampling? = nil) async -> LoopResult {
        let supply = IterationSupply(iterations)
        let gate = StartGate(workers: workers)
        let inFlight = InFlight()
        let start = clock.now
        var result = LoopResult()
        let pause = await withTaskGroup(of: Shift.self) { group in
            for _ in 0..<workers {
                group.addTask {
                    await gate.arrive()
                    var shift = Shift()
                    while !Task.isCancelled, let index = supply.take() {
                        if let sampling, index == iterations / 2 {
                            shift.pause = await clock.measure { await sampling.sample() }
                        }
                        inFlight.enter()
                        defer { inFlight.leave() }
                        guard let outcome = await execution.execute() else {
                            supply.close()
                            break
                        }
                        shift.outcomes.append(outcome)
                    }
                    return shift
                }
            }
            var pause = Duration.zero
            for await shift in group {
                result.outcomes += shift.outcomes
                pause += shift.pause
            }
            return pause
        }
        result.elapsed = start.duration(to: clock.now) - pause / max(1, workers)
        result.peakInFlight = inFlight.peak
        return result
    }
}

/// What one worker did.
private struct Shift {
    var outcomes: [IterationOutcome] = []
    /// Spent on the null target instead of the benchmark's.
    var pause = Duration.zero
}

/// The iterations that no worker has taken yet.
private final class IterationSupply: Sendable {
    private let remaining: Mutex<Range<Int>>

    init(_ count: Int) {
        remaining = Mutex(0..<count)
    }

    /// The index of the next iteration; `nil` when there is none.
    func take() -> Int? {
        remaining.withLock { $0.popFirst() }
    }

    /// Leaves the rest to nobody: with one iteration cancelled, those that could still be executed are no fair sample.
    func close() {
        remaining.withLock { $0 = 0..<0 }
    }
}
