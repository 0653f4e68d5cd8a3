import Analysis
import Testing

@Suite struct BoundsTests {
    @Test(
        "a claim about a percentile needs so many samples",
        arguments: [(95, 0.95, 59), (99, 0.95, 299), (90, 0.95, 29), (50, 0.95, 5), (95, 0.99, 90), (50, 0, 1)]
    )
    func samples(percent: Int, confidence: Double, expected: Int) {
        #expect(PercentileBounds.samplesNeeded(percent, confidence: confidence) == expected)
    }

    @Test("59 samples bound P95 from above by their greatest, 58 do not bound it", arguments: [(58, nil), (59, 59)])
    func fewest(count: Int, expected: Double?) {
        #expect(PercentileBounds.upper(95, ofSorted: ascending(count)) == expected)
    }

    @Test(
        "bounds of the median are those of the sign test",
        // Of 20, at most 5 are below the median in 2.1 % of cases, and at most 6 in 5.8 %; of 5, none in 3.1 %.
        arguments: [(20, 6.0, 15.0), (5, 1, 5)]
    )
    func median(count: Int, lower: Double, upper: Double) {
        #expect(PercentileBounds.lower(50, ofSorted: ascending(count)) == lower)
        #expect(PercentileBounds.upper(50, ofSorted: ascending(count)) == upper)
    }

    @Test("a bound is the tightest one that holds at its confidence", arguments: [1, 10, 59, 100, 473], [50, 95, 99])
    func tightest(count: Int, percent: Int) {
        let ratio = Double(percent) / 100
        let values = ascending(count)
        if let upper = PercentileBounds.upper(percent, ofSorted: values) {
            #expect(BinomialTail.atMost(Int(upper) - 1, of: count, ratio: ratio) >= 0.95)
            if upper > 1 { #expect(BinomialTail.atMost(Int(upper) - 2, of: count, ratio: ratio) < 0.95) }
        } else {
            #expect(count < PercentileBounds.samplesNeeded(percent))
        }
        if let lower = PercentileBounds.lower(percent, ofSorted: values) {
            #expect(BinomialTail.atMost(Int(lower) - 1, of: count, ratio: ratio) <= 0.05)
            if lower < Double(count) { #expect(BinomialTail.atMost(Int(lower), of: count, ratio: ratio) > 0.05) }
        }
    }

    @Test("no samples bound nothing")
    func empty() {
        #expect(PercentileBounds.upper(50, ofSorted: []) == nil)
        #expect(PercentileBounds.lower(50, ofSorted: []) == nil)
        #expect(RatioBounds(0, of: 0) == RatioBounds(3, of: 0))
        #expect(RatioBounds(0, of: 0).lower == 0)
        #expect(RatioBounds(0, of: 0).upper == 1)
    }

    @Test(
        "Wilson's bounds agree with published ones",
        arguments: [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (50, 100, 0.4038, 0.5962), (10, 10, 0.7225, 1)]
    )
    func wilson(count: Int, trials: Int, lower: Double, upper: Double) {
        let bounds = RatioBounds(count, of: trials, confidence: 0.975)
        #expect(abs(bounds.lower - lower) < 5e-5)
        #expect(abs(bounds.upper - upper) < 5e-5)
    }

    @Test(
        "Fisher's test gives the hypergeometric tail",
        arguments: [
            (10, 10, 0, 10, 5.412544112234515e-06), (8, 10, 0, 10, 3.572281114079474e-04),
            (10, 10, 1, 10, 5.953798523e-05),
            (5, 10, 0, 400, 2.674816639588e-09), (2, 10, 1, 10, 0.5), (3, 10, 8, 10, 0.9972612526792),
            (0, 10, 3, 10, 1),
            (300, 1000, 200, 1000, 1.48762096910e-07), (200_000, 1_000_000, 199_000, 1_000_000, 0.03855896105),
        ]
    )
    func fisher(count: Int, trials: Int, before: Int, trialsBefore: Int, expected: Double) {
        let chance = FisherTest.atLeast(count, of: trials, before: before, of: trialsBefore)
        #expect(abs(chance - expected) <= expected * 1e-6)
    }

    @Test("Fisher's test takes any counts", arguments: [0, -1, .min, .max, 1_000_000_000], [0, 1, -1, .min, .max])
    func fisherOfAnything(large: Int, small: Int) {
        for (count, before) in [(large, small), (small, large), (large, large)] {
            let chance = FisherTest.atLeast(count, of: large, before: before, of: large)
            #expect((0...1).contains(chance))
        }
        #expect(FisherTest.atLeast(.max, of: .max, before: .max / 2, of: .max) >= 0)
    }

    private func ascending(_ count: Int) -> [Double] { (0..<count).map { Double($0 + 1) } }
}
