import BenchmarkModel
import Glibc

// FIGURES OVER A SLIDING WINDOW
//
// A window is cut into 60 slots; the slot that began longest ago goes when a new one begins, so a window is at most a
// sixtieth shorter than its name. Counts, sum and grade are exact. Latencies are counted in buckets that grow by a
// sixteenth of a factor of two, so that a percentile, told as the middle of its bucket, is at most 2.2 % off, and 24 hours
// of a benchmark fit into a few kilobytes.

/// What was measured of one operation over the last minutes or hours.
struct FigureWindow: Sendable {
    private static let slotCount: Int64 = 60

    private struct Slot: Sendable {
        var number: Int64
        var good = 0
        var slow = 0
        var failed = 0
        var sum = 0.0
        /// Successes by the number of their bucket.
        var buckets: [Int16: Int] = [:]
    }

    /// In seconds.
    let length: Double
    private var slots: [Slot] = []

    init(length: Double) {
        self.length = length
    }

    /// Adds what was measured by `time`, in seconds since 1970.
    mutating func add(_ iterations: [IterationOutcome], against objective: Objective, at time: Double) {
        guard (0..<1e11).contains(time) else { return }
        let number = slotNumber(of: time)
        slots.removeAll { $0.number <= number - Self.slotCount }
        if !slots.contains(where: { $0.number == number }) { slots.append(Slot(number: number)) }
        guard let index = slots.firstIndex(where: { $0.number == number }) else { return }
        for iteration in iterations {
            switch iteration.result(against: objective) {
            case .good: slots[index].good += 1
            case .slow: slots[index].slow += 1
            case .failed:
                slots[index].failed += 1
                continue
            }
            guard let value = iteration.value(of: objective.metric)?.seconds else { continue }
            slots[index].sum += value
            slots[index].buckets[Self.bucket(of: value), default: 0] += 1
        }
    }

    /// The figures of the window that ends at `time`, in seconds since 1970, of an objective.
    func figures(at time: Double, of objective: Objective) -> Figures {
        let oldest = slotNumber(of: time) - Self.slotCount
        var total = Slot(number: 0)
        for slot in slots where slot.number > oldest {
            total.good += slot.good
            total.slow += slot.slow
            total.failed += slot.failed
            total.sum += slot.sum
            total.buckets.merge(slot.buckets, uniquingKeysWith: +)
        }
        let successes = total.good + total.slow
        let count = successes + total.failed
        let buckets = total.buckets.sorted { $0.key < $1.key }
        func percentile(_ percent: Int) -> Double? {
            var rank = max(1, (percent * successes + 99) / 100)
            for (bucket, count) in buckets {
                rank -= count
                if rank <= 0 { return Self.middle(of: bucket) }
            }
            return nil
        }
        let mean = successes > 0 ? total.sum / Double(successes) : nil
        return Figures(
            windowSeconds: length,
            count: count,
            good: total.good,
            slow: total.slow,
            failed: total.failed,
            successRatio: count > 0 ? Double(successes) / Double(count) : nil,
            meanSeconds: mean,
            p50Seconds: percentile(50),
            p95Seconds: percentile(95),
            p99Seconds: percentile(99),
            grade: count > 0 ? Self.grade(total.good, total.failed, of: count, mean: mean, objective) : nil
        )
    }

    /// As of a run: exact, as of a percentile only those count that were within the target.
    private static func grade(
        _ good: Int,
        _ failed: Int,
        of count: Int,
        mean: Double?,
        _ objective: Objective
    ) -> Grade {
        guard Double(failed) <= objective.errorRatio * Double(count) else { return .fail }
        if let percent = objective.statistic.percent {
            return good >= max(1, (percent * count + 99) / 100) ? .pass : .fail
        }
        return failed == 0 && mean ?? .infinity <= objective.target.seconds ? .pass : .fail
    }

    private func slotNumber(of time: Double) -> Int64 {
        Int64(time / (length / Double(Self.slotCount)))
    }

    private static func bucket(of seconds: Double) -> Int16 {
        Int16((log2(min(max(seconds, 1e-9), 1e9)) * 16).rounded(.down))
    }

    private static func middle(of bucket: Int16) -> Double {
        exp2((Double(bucket) + 0.5) / 16)
    }

    /// What a window says.
    struct Figures: Encodable, Sendable {
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
