import BenchmarkModel
import ExporterTestSupport
import Glibc
import Testing

@testable import Analysis

@Suite struct ShiftRatioTests {
    @Test("the shift is the median of all ratios")
    func median() {
        // Ratios of {2, 4, 8} to {1, 2, 4}: ½, 1, 1, 2, 2, 2, 4, 4, 8.
        let shift = ShiftRatio(of: [2, 4, 8], to: [1, 2, 4], deviation: 1)
        #expect(abs(shift.ratio - 2) < 1e-9)
        #expect(shift.lower < 2 && shift.upper > 2)
    }

    @Test("counting from both ends finds what sorting all ratios finds", arguments: 0..<20)
    func bruteForce(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let before = (0..<31).map { _ in Double.random(in: 0.5..<2, using: &random) }.sorted()
        let after = (0..<17).map { _ in Double.random(in: 0.5..<2, using: &random) }
        let ratios = after.flatMap { later in before.map { later / $0 } }.sorted()
        let shift = ShiftRatio(of: after, to: before, deviation: 1)
        #expect(abs(shift.ratio - ratios[(ratios.count + 1) / 2 - 1]) < 1e-9)
    }

    @Test("equal values are no shift, and runs that differ much widen the limits")
    func limits() {
        let values = Array(repeating: 0.1, count: 400)
        #expect(ShiftRatio(of: values, to: values, deviation: 1) == ShiftRatio(ratio: 1, lower: 1, upper: 1))
        let spread = (1...100).map(Double.init)
        let narrow = ShiftRatio(of: spread, to: spread, deviation: 1)
        let wide = ShiftRatio(of: spread, to: spread, deviation: 3)
        #expect(wide.lower < narrow.lower && narrow.upper < wide.upper)
        #expect(narrow.ratio == wide.ratio)
    }

    @Test(
        "of runs like those of the baseline hardly one is outside of the limits, however many iterations it has",
        arguments: [(10, 0.0), (40, 0.0), (1, 0.0), (10, 0.3), (40, 0.3)]
    )
    func stationary(iterations: Int, shared: Double) {
        var random = SeededGenerator(seed: 1)
        func run(_ count: Int) -> [Double] {
            let common = random.normal() * shared.squareRoot()
            return (0..<count).map { _ in 0.1 * exp(0.4 * (common + random.normal() * (1 - shared).squareRoot())) }
        }
        var outside = 0
        let comparisons = (baselines: 20, runs: 25)
        for _ in 0..<comparisons.baselines {
            var level = BaselineLevel(
                values: (0..<40).flatMap { _ in run(10) }.sorted(),
                deviation: 1,
                runs: 40,
                successes: 400,
                failures: 0,
                startedAt: 0,
                completedAt: 1
            )
            level.deviation = (1 + 9 * shared).squareRoot()
            for _ in 0..<comparisons.runs {
                guard let shift = ShiftRatio(of: run(iterations), to: level, confidence: 0.99) else { continue }
                if shift.lower > 1 || shift.upper < 1 { outside += 1 }
            }
        }
        // Of 500 at 99 % five are to be expected, and thirteen once in a thousand such tests.
        #expect(outside <= 13)
    }

    @Test(
        "limits hold with a deviation that is estimated from forty runs as often as they say",
        arguments: [(10, 0.0), (10, 0.1), (10, 0.3), (30, 0.3), (60, 0.3)]
    )
    func estimated(iterations: Int, shared: Double) throws {
        var random = SeededGenerator(seed: 2)
        func run(_ count: Int) -> [Double] {
            let common = random.normal() * shared.squareRoot()
            return (0..<count).map { _ in 0.1 * exp(0.4 * (common + random.normal() * (1 - shared).squareRoot())) }
        }
        var outside = 0
        for _ in 0..<100 {
            var state = BaselineState(fingerprint: "1")
            for number in 0..<200 where state.level == nil {
                RegressionDetector.record(
                    successes: run(10),
                    failures: 0,
                    at: 1e9 + Double(number) * 300,
                    in: &state
                )
            }
            let level = try #require(state.levelForOneRun)
            for _ in 0..<10 {
                let shift = try #require(ShiftRatio(of: run(iterations), to: level, confidence: 0.99))
                if shift.lower > 1 || shift.upper < 1 { outside += 1 }
            }
        }
        // Of 1,000 at 99 % ten are to be expected, and twenty-one once in a thousand such tests.
        #expect(outside <= 21)
    }

    @Test(
        "Student's quantiles agree with published ones",
        arguments: [(0.975, 9, 2.2622), (0.995, 19, 2.8609), (0.9995, 39, 3.5581), (0.9995, 100, 3.3905)]
    )
    func student(probability: Double, degrees: Int, expected: Double) {
        let quantile = StudentDistribution.quantile(probability, degreesOfFreedom: degrees)
        #expect(abs(quantile - expected) < 1e-4)
        let normal = NormalDistribution.quantile(probability)
        let far = StudentDistribution.quantile(probability, degreesOfFreedom: .max)
        #expect(abs(far - normal) < 1e-9)
        #expect(StudentDistribution.quantile(probability, degreesOfFreedom: -1).isFinite)
    }

    @Test("a run that shares all of its variance says as much as one value, and still something where it is far away")
    func beyondRanks() throws {
        let level = BaselineLevel(
            values: (1...400).map { 0.1 + Double($0) / 10_000 },
            deviation: 3,
            runs: 40,
            successes: 400,
            failures: 0,
            startedAt: 0,
            completedAt: 1
        )
        let near = try #require(ShiftRatio(of: [0.15], to: level, confidence: 0.999))
        #expect(near.lower < 1)
        let far = try #require(ShiftRatio(of: [2.4], to: level, confidence: 0.999))
        #expect(far.lower > 1 && far.ratio > 10 && far.upper.isFinite)
        #expect(ShiftRatio(of: [], to: level, confidence: 0.999) == nil)
    }

    @Test("no time at all counts as a nanosecond")
    func zero() {
        let shift = ShiftRatio(of: [1], to: [0, 0, 0], deviation: 1)
        #expect(abs(shift.ratio / 1e9 - 1) < 1e-9)
        #expect(ShiftRatio(of: [0], to: [0], deviation: 1e8).ratio == 1)
    }
}
