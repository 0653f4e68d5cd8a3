import ExporterTestSupport
import Foundation
import Testing

@testable import BenchmarkModel

@Suite("Native histograms")
struct NativeHistogramTests {
    /// Latencies between a microsecond and 17 minutes, all orders of magnitude alike.
    private static func values(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
        (0..<count).map { _ in exp(Double.random(in: -13.8...6.9, using: &generator)) }
    }

    private static func histogram(_ values: [Double]) -> NativeHistogram {
        var histogram = NativeHistogram()
        for value in values { histogram.observe(value) }
        return histogram
    }

    @Test("a percentile is within 2.2 % of the exact one, and within 4.5 % at schema 3", arguments: 0..<50)
    func error(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let values = Self.values(Int.random(in: 1...2_000, using: &generator), &generator).sorted()
        let histogram = Self.histogram(values)
        let width = exp2(exp2(-Double(histogram.schema)))
        #expect(histogram.schema >= 3 || values.count > 300)
        for percent in 1...100 {
            let exact = NearestRank.percentile(percent, ofSorted: values)
            let estimate = try #require(histogram.percentile(percent))
            #expect(max(estimate / exact, exact / estimate) <= width.squareRoot() * (1 + 1e-12))
        }
        #expect(histogram.count == UInt64(values.count))
        #expect(abs((histogram.mean ?? 0) * Double(values.count) / values.reduce(0, +) - 1) < 1e-9)
    }

    @Test("the same values have the same buckets, however they were split, merged and ordered", arguments: 0..<50)
    func merging(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let parts = (0..<5).map { _ in Self.values(Int.random(in: 0...120, using: &generator), &generator) }
        let whole = Self.histogram(parts.flatMap(\.self).shuffled(using: &generator))
        var forwards = NativeHistogram()
        for part in parts { forwards.merge(Self.histogram(part)) }
        var backwards = NativeHistogram()
        for part in parts.reversed() { backwards.merge(Self.histogram(part)) }
        var nested = Self.histogram(parts[0])
        var rest = Self.histogram(parts[1])
        for part in parts[2...] { rest.merge(Self.histogram(part)) }
        nested.merge(rest)
        for merged in [forwards, backwards, nested] {
            #expect(merged.buckets == whole.buckets)
            #expect(merged.schema == whole.schema)
            #expect(merged.count == UInt64(parts.reduce(0) { $0 + $1.count }))
            #expect(abs(merged.sum - whole.sum) <= whole.sum * 1e-12)
        }
    }

    @Test("a bucket ends with its upper boundary", arguments: [0.25, 0.5, 1, 2, 1_024])
    func boundaries(value: Double) {
        let index = Int(log2(value)) * 16
        #expect(Self.histogram([value]).buckets.map(\.index) == [index])
        #expect(Self.histogram([value.nextUp]).buckets.map(\.index) == [index + 1])
        #expect(Self.histogram([value.nextDown]).buckets.map(\.index) == [index])
    }

    @Test("there are never more than 160 buckets, from the smallest number to the largest")
    func limit() {
        var histogram = NativeHistogram()
        var value = Double.leastNonzeroMagnitude
        while value.isFinite {
            histogram.observe(value)
            value *= 1.01
            if value < 1e-300 { value = 1e-300 }
        }
        #expect(histogram.buckets.count <= 160)
        #expect(histogram.zeroCount > 0)
        #expect((1...100).allSatisfy { histogram.percentile($0)?.isFinite ?? false })
    }

    @Test("nothing is counted that is no latency, and nothing has no percentile")
    func nothing() {
        let histogram = Self.histogram([-1, .nan, .infinity, -.infinity])
        #expect(histogram == NativeHistogram())
        #expect(histogram.percentile(95) == nil)
        #expect(histogram.mean == nil)
        #expect(Self.histogram([0, 0]).percentile(95) == 0)
    }

    @Test("it is read as it was written", arguments: 0..<20)
    func coding(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let histogram = Self.histogram(Self.values(500, &generator) + [0])
        let data = try JSONEncoder().encode(histogram)
        #expect(try JSONDecoder().decode(NativeHistogram.self, from: data) == histogram)
    }

    @Test(
        "what cannot have been observed is refused",
        arguments: [
            ("{\"schema\":5,\"zero_count\":0,\"indices\":[],\"counts\":[],\"sum\":0}", "schema 5 is not in -4...4"),
            ("{\"schema\":4,\"zero_count\":0,\"indices\":[1],\"counts\":[],\"sum\":0}", "0 counts for 1 buckets"),
            (
                "{\"schema\":4,\"zero_count\":0,\"indices\":[2,2],\"counts\":[1,1],\"sum\":0}",
                "the buckets are not in order"
            ),
            (
                "{\"schema\":4,\"zero_count\":0,\"indices\":[9223372036854775807],\"counts\":[1],\"sum\":0}",
                "the buckets are not in order"
            ),
            ("{\"schema\":4,\"zero_count\":0,\"indices\":[1],\"counts\":[0],\"sum\":0}", "a count is not in 1..<2^40"),
            (
                "{\"schema\":4,\"zero_count\":0,\"indices\":[1],\"counts\":[1],\"sum\":-1}",
                "the sum is none of such values"
            ),
        ]
    )
    func refusal(text: String, reason: String) {
        #expect {
            try JSONDecoder().decode(NativeHistogram.self, from: Data(text.utf8))
        } throws: { error in
            guard case DecodingError.dataCorrupted(let context) = error else { return false }
            return context.debugDescription == reason
        }
    }
}
