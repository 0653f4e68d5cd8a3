import BenchmarkModel
import ExporterConfiguration
import NIOCore
import Synchronization

/// Iterations that arrive on a schedule of their own, however long those before them take, as those of many users do.
///
/// An arrival is due at a fixed moment, and its response time counts from there: whatever keeps it from being issued or
/// answered then is part of it. One that finds as many iterations in flight as are allowed is not issued, which is a
/// failure; left out or put off, it would hide the very stall that it met (coordinated omission).
struct OpenLoop<C: Clock>: Sendable where C.Duration == Duration {
    private let execution: IterationExecution
    private let arrival: ArrivalDefinition
    private let iterations: Int
    private let limit: Int
    private let eventLoop: any EventLoop
    private let clock: C

    /// A loop of `iterations` with at most `limit` in flight, by a probe that is timed on `eventLoop`.
    init(
        _ execution: IterationExecution,
        arrival: ArrivalDefinition,
        iterations: Int,
        limit: Int,
        eventLoop: any EventLoop,
        clock: C
    ) {
        self.execution = execution
        self.arrival = arrival
        self.iterations = iterations
        self.limit = limit
        self.eventLoop = eventLoop
        self.clock = clock
    }

    /// The time within which the loop has ended, whatever the target does.
    var longestDuration: Duration {
        arrival.span(of: iterations) + execution.longestDuration
    }

    /// Executes the iterations as they arrive; the null target is asked beside them when half of them have.
    func run(_ sampling: FloorSampling) async -> LoopResult {
        let inFlight = InFlight(limit: limit)
        let log = OutcomeLog()
        // Set when an iteration was cancelled: those that could still be executed are no fair sample.
        let cancellation = StopSignal()
        let release = Release(at: clock.now, monotonic: eventLoop.now)
        await withDiscardingTaskGroup { group in
            let schedule = ArrivalSchedule(arrival, count: iterations)
            for (index, offset) in schedule.enumerated() {
                await wait(until: release.instant.advanced(by: offset))
                if Task.isCancelled || cancellation.isSet { break }
                if inFlight.enter() {
                    group.addTask {
                        defer { inFlight.leave() }
                        if let outcome = await execute(offset, after: release, sampling) {
                            log.add(outcome)
                        } else {
                            cancellation.set()
                        }
                    }
                } else {
                    let failure = IterationFailure(.notIssued, "not issued: \(limit) in flight, as many as allowed")
                    log.add(IterationOutcome(duration: .zero, failure: failure))
                }
                if index == iterations / 2 {
                    group.addTask { await sampling.sample() }
                }
            }
        }
        return LoopResult(
            outcomes: log.outcomes,
            elapsed: release.instant.duration(to: clock.now),
            peakInFlight: inFlight.peak
        )
    }

    /// Returns when `due` has come, at once when it has passed, or when the task is cancelled.
    private func wait(until due: C.Instant) async {
        guard clock.now < due else { return }
        try? await clock.sleep(until: due, tolerance: .zero)
    }

    /// Executes the iteration that was due at `offset`; `nil` when it was cancelled.
    private func execute(
        _ offset: Duration,
        after release: Release,
        _ sampling: FloorSampling
    ) async -> IterationOutcome? {
        let delay = release.instant.duration(to: clock.now) - offset
        // That it begins late is the exporter's doing, as it waits for nothing else.
        sampling.note(lag: delay)
        guard var outcome = await execution.execute() else { return nil }
        let answeredAfter =
            outcome.endedAt.map { $0 - release.monotonic } ?? release.instant.duration(to: clock.now)
        outcome.responseTime = answeredAfter - offset
        // What is measured of a step begins where it would have begun had the iteration been on time.
        for index in outcome.operations.indices {
            outcome.operations[index].responseTime = outcome.operations[index].duration + delay
        }
        return outcome
    }

    /// The moment from which offsets count.
    private struct Release: Sendable {
        let instant: C.Instant
        /// The same moment by the clock of `IterationOutcome.endedAt`.
        let monotonic: Duration

        init(at instant: C.Instant, monotonic: NIODeadline) {
            self.instant = instant
            self.monotonic = monotonic.uptime
        }
    }
}

/// What has become of the arrivals so far.
private final class OutcomeLog: Sendable {
    private let log = Mutex<[IterationOutcome]>([])

    var outcomes: [IterationOutcome] { log.withLock(\.self) }

    func add(_ outcome: IterationOutcome) {
        log.withLock { $0.append(outcome) }
    }
}
