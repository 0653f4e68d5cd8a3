import BenchmarkModel
import ExporterTestSupport
import Glibc
import Testing

@testable import Analysis

/// What is told from the order of a baseline's runs, and of the last medians.
@Suite struct SeriesTests {
    @Test("the long-run deviation of independent values is their own")
    func independent() {
        let deviations = (0..<200).map { LongRunDeviation.of(series(seed: $0, correlation: 0)) }
        #expect((0.9...1.15).contains(mean(deviations)))
    }

    @Test("the long-run deviation of values with an autocorrelation of 0.6 is twice their own")
    func correlated() {
        let deviations = (0..<200).map { LongRunDeviation.of(series(seed: $0, correlation: 0.6)) }
        #expect((1.7...2.3).contains(mean(deviations)))
    }

    @Test("few or equal values have no deviation")
    func degenerate() {
        #expect(LongRunDeviation.of([]) == 0)
        #expect(LongRunDeviation.of([1, 2]) == 0)
        #expect(LongRunDeviation.of(Array(repeating: 7, count: 40)) == 0)
    }

    @Test("a series that keeps its level is called restless in one case of twenty, also when it wanders a little")
    func quiet() {
        let independent = (0..<400).count { RestlessnessTest.isRestless(series(seed: $0, correlation: 0)) }
        let correlated = (0..<400).count { RestlessnessTest.isRestless(series(seed: $0, correlation: 0.3)) }
        #expect((4...32).contains(independent))
        #expect((4...48).contains(correlated))
    }

    @Test("a step is restless, a drift has a trend")
    func restless() {
        for seed in 0..<20 {
            let noise = series(seed: seed, correlation: 0)
            #expect(RestlessnessTest.isRestless(noise.enumerated().map { $0 < 25 ? $1 : $1 + 3 }))
            #expect(LatencyTrend.isTrend(noise.enumerated().map { $1 + Double($0) / 8 }))
        }
        #expect(RestlessnessTest.isRestless(Array(repeating: 0, count: 20) + Array(repeating: 1, count: 20)))
    }

    @Test("a constant or empty series is at rest", arguments: [[], [1], Array(repeating: 0.1, count: 40)])
    func atRest(values: [Double]) {
        #expect(!RestlessnessTest.isRestless(values))
        #expect(!LatencyTrend.isTrend(values))
    }

    @Test("a trend has the median slope, relative to the level, and outliers do not bend it")
    func slope() throws {
        // From 100 ms, 1 ms an hour; a run every half hour.
        var medians = (0..<60).map { RunMedian(completedAt: Double($0) * 1800, seconds: 0.1 + Double($0) * 0.0005) }
        medians[10].seconds = 30
        let trend = try #require(LatencyTrend(of: medians))
        #expect(abs(trend.slopeRatioPerHour - 0.001 / 0.115) < 2e-4)
        #expect(trend.isSignificant)
    }

    @Test("there is no trend in noise beyond its stated error, nor in noise that wanders much beyond it")
    func noTrend() throws {
        func claims(correlation: Double) -> Int {
            (0..<20).count { seed in
                let values = series(seed: seed, correlation: correlation, count: 96)
                let medians = values.enumerated().map { RunMedian(completedAt: Double($0), seconds: exp($1)) }
                return LatencyTrend(of: medians)?.isSignificant ?? true
            }
        }
        #expect(claims(correlation: 0) <= 2)
        #expect(claims(correlation: 0.6) <= 5)
    }

    @Test("constant medians and a clock that stands still have no trend, and 47 medians are too few")
    func degenerateTrend() throws {
        let constant = (0..<96).map { RunMedian(completedAt: Double($0), seconds: 0.1) }
        #expect(LatencyTrend(of: constant) == LatencyTrend(slopeRatioPerHour: 0, probability: 1))
        let zero = (0..<96).map { RunMedian(completedAt: Double($0), seconds: 0) }
        #expect(LatencyTrend(of: zero) == LatencyTrend(slopeRatioPerHour: 0, probability: 1))
        let still = (0..<96).map { RunMedian(completedAt: 5, seconds: Double($0)) }
        #expect(try #require(LatencyTrend(of: still)).slopeRatioPerHour == 0)
        #expect(LatencyTrend(of: Array(constant.prefix(47))) == nil)
    }

    /// An autoregression whose values have a deviation of 1.
    private func series(seed: Int, correlation: Double, count: Int = 40) -> [Double] {
        var random = SeededGenerator(seed: UInt64(seed))
        var value = random.normal()
        return (0..<count).map { _ in
            value = correlation * value + (1 - correlation * correlation).squareRoot() * random.normal()
            return value
        }
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

extension SeededGenerator {
    /// Standard normal.
    mutating func normal() -> Double {
        NormalDistribution.quantile(Double.random(in: 1e-12..<1, using: &self))
    }
}
