import BenchmarkModel
package import ExporterConfiguration

/// When the runs of one benchmark start: slot n is at `first + n · interval`, whatever the runs before it did.
///
/// A late start is not forgiven and a slot that passed is not forgotten. If the schedule moved on from the end of a run
/// instead, a slow service would be asked less often and look faster than it is (coordinated omission).
package struct FixedRateSchedule<Instant: InstantProtocol>: Sendable where Instant.Duration == Duration {
    private let first: Instant
    private let interval: Duration
    private let overlap: OverlapPolicy
    /// The first slot that nothing has happened to yet.
    private var nextSlot: Int64 = 0
    /// A slot that passed during a run and is still to be run.
    private var queuedSlot: Int64?

    /// A run that begins.
    package struct Start: Hashable, Sendable {
        /// When it should have begun.
        package var intended: Instant
        /// The number of slots that passed since the last run while nothing could start a run.
        package var missedSlots: Int

        package init(intended: Instant, missedSlots: Int) {
            self.intended = intended
            self.missedSlots = missedSlots
        }
    }

    /// A schedule whose slot 0 is at `first`; `interval` is at least a nanosecond.
    package init(first: Instant, interval: Duration, overlap: OverlapPolicy) {
        self.first = first
        self.interval = interval
        self.overlap = overlap
    }

    /// When the next run should start; in the past when it is already late.
    package var nextStart: Instant {
        start(of: queuedSlot ?? nextSlot)
    }

    /// Begins the run of the slot that is due at `now`, which is not before `nextStart`.
    package mutating func begin(at now: Instant) -> Start {
        if let slot = queuedSlot {
            queuedSlot = nil
            return Start(intended: start(of: slot), missedSlots: 0)
        }
        let slot = max(nextSlot, lastSlot(at: now))
        let missed = slot - nextSlot
        nextSlot = slot + 1
        return Start(intended: start(of: slot), missedSlots: Int(missed))
    }

    /// Ends the run in progress, and returns the number of slots that are left out because they found it still going.
    package mutating func end(at now: Instant) -> Int {
        let passed = lastSlot(at: now) - nextSlot + 1
        guard passed > 0 else { return 0 }
        let firstPassed = nextSlot
        nextSlot += passed
        switch overlap {
        case .skip: return Int(passed)
        case .queue:
            queuedSlot = firstPassed
            return Int(passed - 1)
        }
    }

    private func start(of slot: Int64) -> Instant {
        first.advanced(by: .nanoseconds(slot.multipliedReportingOverflow(by: interval.nanoseconds).partialValue))
    }

    /// The last slot whose start is not after `now`, which may be −1 before the first.
    private func lastSlot(at now: Instant) -> Int64 {
        let elapsed = first.duration(to: now).nanoseconds
        return elapsed < 0 ? -1 : elapsed / max(1, interval.nanoseconds)
    }
}
