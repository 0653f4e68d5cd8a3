import BenchmarkModel

// FIGURES OVER A SLIDING WINDOW
//
// A window is cut into 60 slots; the slot that began longest ago goes when a new one begins, so a window is at most a
// sixtieth shorter than its name. Counts, mean and grade are exact. Latencies are those of the runs' sketches, put together,
// so 24 hours of a benchmark fit into a few kilobytes.

/// What was measured of one operation over the last minutes or hours.
struct FigureWindow: Sendable {
    private static let slotCount: Int64 = 60
    /// No run ends later, in seconds since 1970.
    private static let latestTime = 1e11

    private struct Slot: Sendable {
        var number: Int64
        var good = 0
        var slow = 0
        var failed = 0
        /// Of successes.
        var latencies = NativeHistogram()

        mutating func add(_ other: Self) {
            good += other.good
            slow += other.slow
            failed += other.failed
            latencies.merge(other.latencies)
        }
    }

    /// In seconds.
    let length: Double
    /// In any order; their numbers are fewer than `slotCount` apart.
    private var slots: [Slot] = []

    init(length: Double) {
        self.length = length
    }

    /// Adds what a run that ended at `time` measured, as of `now`, both in seconds since 1970; runs may come in any order.
    ///
    /// What is of the future by more than a slot is left out and forgotten: it is of a clock that went ahead for a while, and
    /// all that follows would be too old beside it.
    mutating func add(_ run: OperationSummary, at time: Double, now: Double) {
        let latest = slotNumber(of: now) + 1
        slots.removeAll { $0.number > latest }
        guard let statistics = run.statistics, (0..<Self.latestTime).contains(time), slotNumber(of: time) <= latest
        else {
            return
        }
        var slot = Slot(number: slotNumber(of: time))
        slot.good = statistics.results[.good] ?? 0
        slot.slow = statistics.results[.slow] ?? 0
        slot.failed = statistics.results[.failed] ?? 0
        if let sketch = run.sketch { slot.latencies = sketch }
        if let index = slots.firstIndex(where: { $0.number == slot.number }) {
            slots[index].add(slot)
        } else {
            slots.append(slot)
            let newest = slots.map(\.number).max() ?? slot.number
            slots.removeAll { $0.number <= newest - Self.slotCount }
        }
    }

    /// The figures of the window that ends at `time`, in seconds since 1970, of an objective.
    func figures(at time: Double, of objective: Objective) -> Figures {
        let current = slotNumber(of: time)
        var total = Slot(number: 0)
        for slot in slots where (current - Self.slotCount + 1...current + 1).contains(slot.number) { total.add(slot) }
        let successes = total.good + total.slow
        let count = successes + total.failed
        return Figures(
            windowSeconds: length,
            count: count,
            good: total.good,
            slow: total.slow,
            failed: total.failed,
            successRatio: count > 0 ? Double(successes) / Double(count) : nil,
            meanSeconds: total.latencies.mean,
            p50Seconds: total.latencies.percentile(50),
            p95Seconds: total.latencies.percentile(95),
            p99Seconds: total.latencies.percentile(99),
            grade: count > 0 ? Self.grade(total, objective) : nil
        )
    }

    /// As of a run: exact, as of a percentile only those count that were within the target.
    private static func grade(_ total: Slot, _ objective: Objective) -> Grade {
        let count = total.good + total.slow + total.failed
        guard Double(total.failed) <= objective.errorRatio * Double(count) else { return .fail }
        if let percent = objective.statistic.percent {
            return total.good >= max(1, (percent * count + 99) / 100) ? .pass : .fail
        }
        return total.failed == 0 && total.latencies.mean ?? .infinity <= objective.target.seconds ? .pass : .fail
    }

    private func slotNumber(of time: Double) -> Int64 {
        Int64(min(max(time, 0), Self.latestTime) / (length / Double(Self.slotCount)))
    }

    /// What a window says.
    struct Figures: Encodable, Hashable, Sendable {
        var windowSeconds: Double
        var count: Int
        var good: Int
        var slow: Int
        var failed: Int
        var successRatio: Double?
        /// Of successes, in the metric of the objective, as are the percentiles.
        var meanSeconds: Double?
        var p50Seconds: Double?
        var p95Seconds: Double?
        var p99Seconds: Double?
        var grade: Grade?
    }
}
