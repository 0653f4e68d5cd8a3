/// What one finished run says to the alerts.
package struct RunEvidence: Hashable, Sendable {
    /// In seconds since 1970.
    package var completedAt: Double
    /// Successes within the objective.
    package var good: Int
    /// Successes beyond it.
    package var slow: Int
    package var failed: Int
    /// The sum over the successes, in seconds of the objective's metric.
    package var latencyTotal: Double
    /// Slots since the last run that passed without one: missed, or the run before was still going.
    package var lostSlots: Int
    /// Whether the exporter itself took little enough for the run to say something about its target.
    package var isValid: Bool

    package init(
        completedAt: Double,
        good: Int,
        slow: Int,
        failed: Int,
        latencyTotal: Double,
        lostSlots: Int = 0,
        isValid: Bool = true
    ) {
        self.completedAt = completedAt
        self.good = good
        self.slow = slow
        self.failed = failed
        self.latencyTotal = latencyTotal
        self.lostSlots = lostSlots
        self.isValid = isValid
    }
}

/// What several runs say together; numbers are `Double`, which what comes back from a store cannot make overflow.
struct EvidenceTotals: Hashable, Codable {
    var runs = 0.0
    var invalidRuns = 0.0
    var lostSlots = 0.0
    var good = 0.0
    var slow = 0.0
    var failed = 0.0
    var latencyTotal = 0.0

    var iterations: Double { good + slow + failed }

    mutating func add(_ run: RunEvidence) {
        runs += 1
        invalidRuns += run.isValid ? 0 : 1
        lostSlots += Double(run.lostSlots)
        good += Double(run.good)
        slow += Double(run.slow)
        failed += Double(run.failed)
        latencyTotal += run.latencyTotal
    }

    mutating func add(_ other: Self) {
        runs += other.runs
        invalidRuns += other.invalidRuns
        lostSlots += other.lostSlots
        good += other.good
        slow += other.slow
        failed += other.failed
        latencyTotal += other.latencyTotal
    }
}

/// The runs of the latest stretch of time, added up in slices of a sixtieth of it: however often a benchmark runs, its
/// window stays small.
struct EvidenceWindow: Hashable, Codable {
    private struct Slice: Hashable, Codable {
        /// The time, in whole slices since 1970.
        var index: Double
        var totals = EvidenceTotals()
    }

    private static let sliceCount = 60.0

    /// How long a run stays in the window, in seconds.
    let length: Double
    /// Every run that was ever added, also those that have left the window.
    private(set) var runsSoFar = 0.0
    /// In the order of their times, at most 62.
    private var slices: [Slice] = []

    init(length: Double) {
        self.length = length
    }

    mutating func add(_ run: RunEvidence) {
        runsSoFar += 1
        let index = index(of: run.completedAt)
        slices.removeAll { $0.index > index + 1 || $0.index < index - Self.sliceCount }
        if let last = slices.last, last.index >= index {
            slices[slices.count - 1].totals.add(run)
        } else {
            var slice = Slice(index: index)
            slice.totals.add(run)
            slices.append(slice)
        }
    }

    /// Puts the runs of an `earlier` window of the same length before those of this one; the number of runs stays.
    mutating func inherit(from earlier: Self) {
        guard earlier.length == length else { return }
        let first = slices.first?.index ?? .infinity
        let oldest = (slices.last ?? earlier.slices.last)?.index ?? 0
        let inherited = earlier.slices.filter { $0.index < first && $0.index >= oldest - Self.sliceCount }
        slices = inherited.suffix(Int(Self.sliceCount)) + slices
    }

    /// What the runs of the window that ends `now` (seconds since 1970) say.
    func totals(at now: Double) -> EvidenceTotals {
        let index = index(of: now)
        return slices.filter { $0.index >= index - Self.sliceCount }
            .reduce(into: EvidenceTotals()) { $0.add($1.totals) }
    }

    private func index(of time: Double) -> Double {
        (time * Self.sliceCount / length).rounded(.down)
    }
}
