import ExporterConfiguration
import ExporterTestSupport
import Testing

@testable import Probing

@Suite("Arrivals of an open loop") struct ArrivalScheduleTests {
    @Test("constant arrivals are a period apart, and no rounding adds up", arguments: [3.0, 7, 20, 1000])
    func constant(rate: Double) {
        let offsets = offsets(.constant, rate: rate, count: 100_000, seed: 1)
        #expect(offsets.count == 100_000)
        #expect(offsets.first == .zero)
        for index in [1, 2, 33_333, 99_999] {
            #expect(offsets[index] == .nanoseconds(Int64((Double(index) / rate * 1e9).rounded())))
        }
    }

    @Test("as many arrive as iterations make a run, in order, and within the time for it", arguments: 0..<20)
    func conservation(seed: UInt64) {
        let count = 500
        let arrival = ArrivalDefinition(pattern: .poisson, rate: 20)
        let offsets = offsets(.poisson, rate: 20, count: count, seed: seed)
        #expect(offsets.count == count)
        #expect(offsets == offsets.sorted())
        #expect(offsets.allSatisfy { $0 >= .zero && $0 <= arrival.span(of: count) })
    }

    @Test("Poisson arrivals come at their rate in every part of the run, with gaps as random as those of many users")
    func poisson() {
        let count = 50_000
        let offsets = offsets(.poisson, rate: 20, count: count, seed: 42).map { $0 / .seconds(1) }
        for part in 0..<5 {
            let arrivals = offsets.count { $0 >= Double(part) * 500 && $0 < Double(part + 1) * 500 }
            // Four standard deviations of a binomial count of 50,000 with p = 1/5 are 358.
            #expect(abs(arrivals - count / 5) < 358)
        }
        let gaps = zip(offsets, offsets.dropFirst()).map { $1 - $0 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(gaps.count)
        // Of exponential gaps the standard deviation is the mean, and a share of 1/e is longer than it.
        #expect(abs(variance.squareRoot() / mean - 1) < 0.03)
        #expect(abs(Double(gaps.count { $0 > mean }) / Double(gaps.count) - 0.3679) < 0.01)
    }

    @Test("the same seed gives the same arrivals, and another one others")
    func seeds() {
        let first = offsets(.poisson, rate: 20, count: 10, seed: 1)
        #expect(offsets(.poisson, rate: 20, count: 10, seed: 1) == first)
        #expect(offsets(.poisson, rate: 20, count: 10, seed: 2) != first)
    }

    private func offsets(_ pattern: ArrivalPattern, rate: Double, count: Int, seed: UInt64) -> [Duration] {
        let arrival = ArrivalDefinition(pattern: pattern, rate: rate)
        return Array(ArrivalSchedule(arrival, count: count, generator: SeededGenerator(seed: seed)))
    }
}
