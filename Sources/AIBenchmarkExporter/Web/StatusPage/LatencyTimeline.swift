import BenchmarkModel
import Foundation

// THE LAST HOURS, IN LITTLE SPACE
//
// A run every five seconds and one every hour both have a past of six hours worth looking at. Runs are kept in slots of
// equal length. Where there would be too many, the slots become twice as long and neighbours are put together. So the
// memory of an operation is bounded whatever its interval, and the same runs give the same timeline in whatever order
// they come.

/// What the runs of one operation came to over the last hours, for plots.
struct LatencyTimeline: Hashable, Sendable {
    /// How far back it reaches, in seconds.
    static let span = 6 * 3600.0
    /// The most slots.
    static let capacity = 360

    /// What the runs that ended in one slot came to.
    struct Slot: Hashable, Sendable {
        /// The slot is of the times from `index · slotLength`, in seconds since 1970.
        var index: Int64
        var runs = 0
        /// Runs whose grade was `fail`.
        var failingRuns = 0
        /// The worst of the runs in the objective's statistic, in seconds; +Inf where that was a failure.
        var judged = 0.0
        /// The number of successes by level of latency.
        var levels: [Int8: Int] = [:]
    }

    /// In seconds, a power of two.
    private(set) var slotLength = 1.0
    /// Ascending; a slot without a run is left out.
    private(set) var slots: [Slot] = []

    /// Adds a run that ended at `time`, in seconds since 1970, and had these latencies of successes, in seconds.
    ///
    /// What is older than the span is forgotten. What is of the future by more than a slot, seen from `now`, is left out and
    /// forgotten too: it is of a clock that went ahead for a while, and all that follows would be too old beside it.
    mutating func add(_ statistics: RunStatistics, latencies: NativeHistogram?, at time: Double, now: Double) {
        while let last = slots.last, begin(of: last) > now + slotLength { slots.removeLast() }
        guard (0..<1e11).contains(time), time <= now + slotLength else { return }
        var slot = Slot(index: index(of: time), runs: 1)
        slot.judged = statistics.judged
        slot.failingRuns = statistics.grade == .fail ? 1 : 0
        for (level, count) in latencies.map(Self.levels) ?? [] { slot.levels[level, default: 0] += count }
        insert(slot)
        forget()
        while slots.count > Self.capacity { coarsen() }
    }

    /// When the first run that is remembered ended, to the slot; `nil` without one.
    var start: Double? { slots.first.map(begin) }

    /// When `slot` begins, in seconds since 1970.
    func begin(of slot: Slot) -> Double { Double(slot.index) * slotLength }

    /// The level of a latency in seconds: level `k` is of those above 2^((k−1)/2) s, up to 2^(k/2) s.
    static func level(of latency: Double) -> Int8 {
        latency > 0 ? level(ofExponent: log2(latency)) : -40
    }

    /// The level of 2^`exponent` seconds.
    private static func level(ofExponent exponent: Double) -> Int8 {
        Int8(min(max((exponent * 2).rounded(.up), -40), 24))
    }

    /// What is in the buckets of a histogram by level, of which every one is a whole number of buckets at its resolution.
    private static func levels(of latencies: NativeHistogram) -> [(Int8, Int)] {
        let zero = latencies.zeroCount > 0 ? [(level(of: 0), count(latencies.zeroCount))] : []
        return zero
            + latencies.buckets.map { bucket in
                (level(ofExponent: Double(bucket.index) * exp2(Double(-latencies.schema))), count(bucket.count))
            }
    }

    /// A store may hand out any number, and sums of this must not be too great for theirs.
    private static func count(_ count: UInt64) -> Int { Int(min(count, 1 << 32)) }

    private func index(of time: Double) -> Int64 { Int64((time / slotLength).rounded(.down)) }

    private mutating func insert(_ slot: Slot) {
        let place = slots.lastIndex { $0.index <= slot.index }
        if let place, slots[place].index == slot.index {
            slots[place].merge(slot)
        } else {
            slots.insert(slot, at: place.map { $0 + 1 } ?? 0)
        }
    }

    private mutating func forget() {
        guard let last = slots.last else { return }
        let oldest = index(of: begin(of: last) - Self.span)
        slots.removeAll { $0.index < oldest }
    }

    /// Puts neighbours together, two by two.
    private mutating func coarsen() {
        let fine = slots
        slots = []
        slotLength *= 2
        for var slot in fine {
            slot.index >>= 1
            insert(slot)
        }
    }
}

extension LatencyTimeline.Slot {
    /// Adds what the runs of `other` came to.
    mutating func merge(_ other: Self) {
        runs += other.runs
        failingRuns += other.failingRuns
        judged = max(judged, other.judged)
        levels.merge(other.levels, uniquingKeysWith: +)
    }
}
