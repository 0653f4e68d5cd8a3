import Foundation
import Testing

@testable import Alerting

@Suite("Window of runs") struct EvidenceWindowTests {
    private func run(at time: Double, good: Int = 0, slow: Int = 0) -> RunEvidence {
        RunEvidence(completedAt: time, good: good, slow: slow, failed: 0, latencyTotal: 0)
    }

    @Test("runs leave it once they are older than it is long")
    func slides() {
        var window = EvidenceWindow(length: 300)
        for time in stride(from: 1000.0, to: 1600, by: 10) { window.add(run(at: time, good: 1)) }
        #expect(window.totals(at: 1600).good == 30)
        #expect(window.totals(at: 1750).good == 15)
        #expect(window.totals(at: 1900).good == 0)
        #expect(window.runsSoFar == 60)
    }

    @Test("it stays small however often a benchmark runs")
    func small() throws {
        var window = EvidenceWindow(length: 60)
        for number in 0..<100_000 { window.add(run(at: 1e9 + Double(number) / 100, good: 1)) }
        #expect(try JSONEncoder().encode(window).count < 20_000)
        #expect((5900...6200).contains(window.totals(at: 1e9 + 1000).good))
    }

    @Test("a clock that is set back neither hides new runs nor keeps old ones for ever")
    func clockSetBack() {
        var window = EvidenceWindow(length: 300)
        window.add(run(at: 1e9, slow: 10))
        window.add(run(at: 1e9 - 2, slow: 1))
        #expect(window.totals(at: 1e9).slow == 11)
        window.add(run(at: 5e8, good: 3))
        #expect(window.totals(at: 5e8).slow == 0)
        #expect(window.totals(at: 5e8).good == 3)
    }
}

@Suite("Limit of a breach") struct BreachLimitTests {
    @Test(
        "so many bad iterations and no more are no breach",
        arguments: [
            (1.0, 0.05, 0), (10, 0.05, 2), (60, 0.05, 6), (200, 0.05, 17), (10, 0.5, 8), (100, 0.01, 3), (10, 0, 0),
            (10, 1, 10),
        ]
    )
    func limit(count: Double, ratio: Double, most: Int) {
        #expect(Int(BreachLimit.bad(of: count, allowing: ratio).rounded(.down)) == most)
    }

    @Test(
        "a service with 2 % slow answers is in breach in fewer than one window of two hundred, however few are asked for"
    )
    func healthy() {
        for count in [10, 13, 20, 50, 100, 500] {
            let limit = BreachLimit.bad(of: Double(count), allowing: 0.05)
            #expect(Self.probability(ofMoreThan: limit, of: count, each: 0.02) < 0.005, "\(count)")
        }
        #expect(Self.probability(ofMoreThan: 0.5, of: 10, each: 0.02) > 0.18)
    }

    /// Of a binomial distribution.
    private static func probability(ofMoreThan limit: Double, of count: Int, each ratio: Double) -> Double {
        var term = pow(1 - ratio, Double(count))
        var within = 0.0
        for bad in 0...count {
            if Double(bad) <= limit { within += term }
            term *= Double(count - bad) / Double(bad + 1) * ratio / (1 - ratio)
        }
        return 1 - within
    }
}
