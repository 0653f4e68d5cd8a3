import Glibc

/// A rate in 10,000 runs, with its upper 95 % bound.
///
/// Runs that share a baseline share its error, so the unit of the bound is the baseline and not the run. Where no
/// baseline had an alarm, the bound is that of three baselines with one.
struct AlarmRate: CustomStringConvertible {
    let rate: Double
    let bound: Double

    init(alarms: [Int], runs: Int) {
        let count = Double(alarms.count)
        let scale = 10_000 / Double(runs)
        let mean = Double(alarms.reduce(0, +)) / count
        let variance = alarms.reduce(0) { $0 + pow(Double($1) - mean, 2) } / (count - 1)
        rate = mean * scale
        bound = max(mean + 1.645 * (variance / count).squareRoot(), 3 / count) * scale
    }

    var description: String { "\(figure(rate)) (≤ \(figure(bound)))" }
}

/// The median, and the nearest rank of 90 %.
struct Delay: CustomStringConvertible {
    let median: Int
    let late: Int

    init(_ delays: [Int]) {
        let sorted = delays.sorted()
        median = sorted[(sorted.count - 1) / 2]
        late = sorted[(sorted.count * 9 + 9) / 10 - 1]
    }

    var description: String { "\(median) (\(late))" }
}

/// A number with one decimal.
func figure(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
}

/// `results` of `body` for each index, computed on all processors and in the order of the indices.
func concurrently<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
        for index in 0..<count { group.addTask { (index, body(index)) } }
        return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
