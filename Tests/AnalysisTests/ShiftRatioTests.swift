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

    @Test("no time at all counts as a nanosecond")
    func zero() {
        let shift = ShiftRatio(of: [1], to: [0, 0, 0], deviation: 1)
        #expect(abs(shift.ratio / 1e9 - 1) < 1e-9)
        #expect(ShiftRatio(of: [0], to: [0], deviation: 1e8).ratio == 1)
    }
}
