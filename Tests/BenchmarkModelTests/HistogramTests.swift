import BenchmarkModel
import Foundation
import Testing

@Suite struct HistogramTests {
    @Test(
        "a value on a boundary falls in that boundary's bucket",
        arguments: [(0.0, 0), (1.0, 0), (1.0000001, 1), (2.0, 1), (4.0, 2), (4.1, 3), (.infinity, 3)]
    )
    func bucket(value: Double, expected: Int) throws {
        let boundaries = try #require(BucketBoundaries([1, 2, 4]))
        #expect(boundaries.index(of: value) == expected)
    }

    @Test("the counts of the buckets add up to the number of observations")
    func count() {
        var random = SystemRandomNumberGenerator()
        var histogram = Histogram(boundaries: .durations)
        var sum = 0.0
        for _ in 0..<1000 {
            let value = Double.random(in: 0...100, using: &random)
            histogram.observe(value)
            sum += value
        }
        histogram.observe(0.5, times: 7)
        #expect(histogram.count == 1007)
        #expect(abs(histogram.sum - sum - 3.5) < 1e-6)
    }

    @Test(
        "the target of an objective is a boundary, whether or not it was one before",
        arguments: [300, 50, 1, 123, 1234, 7500, 90_000]
    )
    func objectiveBoundary(milliseconds: Int) {
        let objective = Objective(target: .milliseconds(milliseconds))
        let bounds = BucketBoundaries.durations.including(objective).upperBounds
        #expect(bounds.contains(Double(milliseconds) / 1000))
        #expect(BucketBoundaries(bounds) != nil)
    }

    @Test(
        "boundaries that do not increase strictly are refused",
        arguments: [[], [1, 1], [2, 1], [1, Double.infinity], [Double.nan], [-Double.infinity, 0]]
    )
    func refusedBoundaries(bounds: [Double]) {
        #expect(BucketBoundaries(bounds) == nil)
    }

    @Test("a stored histogram reads back as it was")
    func roundTrip() throws {
        var histogram = Histogram(boundaries: .phases)
        histogram.observe(0.003)
        histogram.observe(12)
        let stored = try JSONEncoder().encode(histogram)
        #expect(try JSONDecoder().decode(Histogram.self, from: stored) == histogram)
    }

    @Test(
        "a stored histogram is read whole or not at all",
        arguments: [
            #"{"le":[1,2],"counts":[1,2],"sum":1}"#, #"{"le":[2,1],"counts":[1,2,3],"sum":1}"#,
            #"{"le":[1,2],"counts":[1,2,-3],"sum":1}"#, #"{"le":[1,2],"counts":[1,2,9007199254740992],"sum":1}"#,
            #"{"le":[],"counts":[1],"sum":1}"#, #"{"le":[1],"counts":[1,1]}"#, #"{"le":[1],"counts":"x","sum":1}"#,
        ]
    )
    func refused(stored: String) {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(Histogram.self, from: Data(stored.utf8))
        }
    }
}
