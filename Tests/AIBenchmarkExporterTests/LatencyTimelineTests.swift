import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import AIBenchmarkExporter

@Suite("the timeline of the last hours") struct LatencyTimelineTests {
    private static let statistics = RunStatistics(
        of: [IterationOutcome(duration: .milliseconds(100))],
        against: Objective(),
        elapsed: .seconds(1)
    )

    private static func sketch(_ latencies: [Double]) -> NativeHistogram {
        var sketch = NativeHistogram()
        for latency in latencies { sketch.observe(latency) }
        return sketch
    }

    @Test(
        "it never has more slots than its capacity, and never reaches back further than its span",
        arguments: [1, 5, 60, 3600]
    )
    func bounds(interval: Int) throws {
        let statistics = try #require(Self.statistics)
        var timeline = LatencyTimeline()
        for time in stride(from: 0, to: 50_000, by: interval) {
            timeline.add(statistics, latencies: Self.sketch([0.1]), at: 1e9 + Double(time), now: 2e9)
        }
        #expect((2...LatencyTimeline.capacity).contains(timeline.slots.count))
        let start = try #require(timeline.start)
        let end = try #require(timeline.slots.last.map(timeline.begin))
        #expect(end - start <= LatencyTimeline.span + timeline.slotLength)
        #expect(end - start >= LatencyTimeline.span - Double(interval) - 2 * timeline.slotLength)
        let slots = timeline.slots
        #expect(zip(slots, slots.dropFirst()).allSatisfy { $0.index < $1.index })
        #expect(slots.allSatisfy { $0.levels.values.reduce(0, +) == $0.runs })
    }

    @Test("runs in any order have the same timeline")
    func order() throws {
        let statistics = try #require(Self.statistics)
        var generator = SeededGenerator(seed: 3)
        let runs = (0..<1000).map {
            (time: 1e9 + Double($0) * 5, latency: Double.random(in: 0.01...1, using: &generator))
        }
        func timeline(of runs: [(time: Double, latency: Double)]) -> LatencyTimeline {
            var timeline = LatencyTimeline()
            for run in runs { timeline.add(statistics, latencies: Self.sketch([run.latency]), at: run.time, now: 2e9) }
            return timeline
        }
        #expect(timeline(of: runs) == timeline(of: runs.shuffled(using: &generator)))
    }

    @Test("the buckets of a run are in the levels of their latencies, however coarse they are")
    func buckets() throws {
        var generator = SeededGenerator(seed: 3)
        let latencies = [0] + (0..<500).map { _ in exp2(Double.random(in: -18...10, using: &generator)) }
        let sketch = Self.sketch(latencies)
        #expect(sketch.schema < NativeHistogram.finestSchema)
        var timeline = LatencyTimeline()
        timeline.add(try #require(Self.statistics), latencies: sketch, at: 1e9, now: 1e9)
        let expected = Dictionary(grouping: latencies, by: LatencyTimeline.level).mapValues(\.count)
        #expect(timeline.slots.first?.levels == expected)
    }

    @Test("a count that nobody has counted does not overflow")
    func hugeCounts() throws {
        let json =
            #"{"schema": -4, "zero_count": 1099511627775, "indices": [-8, 9], "counts": [1099511627775, 1], "sum": 1}"#
        let sketch = try JSONDecoder().decode(NativeHistogram.self, from: Data(json.utf8))
        var timeline = LatencyTimeline()
        for _ in 0..<100 { timeline.add(try #require(Self.statistics), latencies: sketch, at: 1e9, now: 1e9) }
        #expect(timeline.slots.first?.levels.keys.sorted() == [-40, 24])
    }

    @Test("a clock that goes ahead for a while leaves nothing behind once it is right again")
    func clockAhead() throws {
        let statistics = try #require(Self.statistics)
        var timeline = LatencyTimeline()
        timeline.add(statistics, latencies: nil, at: 1e9, now: 1e9)
        timeline.add(statistics, latencies: nil, at: 1e9 + 86_400, now: 1e9 + 86_400)
        for second in 1...3 { timeline.add(statistics, latencies: nil, at: 1e9 + Double(second), now: 1e9 + 5) }
        #expect(timeline.slots.map(\.index) == [1_000_000_001, 1_000_000_002, 1_000_000_003])
        timeline.add(statistics, latencies: nil, at: 1e9 + 86_400, now: 1e9 + 5)
        #expect(timeline.slots.count == 3)
    }

    @Test("times that are none are left out", arguments: [-1, .nan, .infinity, 1e12] as [Double])
    func times(time: Double) throws {
        var timeline = LatencyTimeline()
        timeline.add(try #require(Self.statistics), latencies: Self.sketch([0.1]), at: time, now: .infinity)
        #expect(timeline.slots.isEmpty)
    }

    @Test(
        "two levels double the latency, and every latency has one",
        arguments: [(1, 0), (2, 2), (0.5, -2), (1.4, 1), (1.5, 2), (0, -40), (-1, -40), (.infinity, 24), (1e-300, -40)]
            as [(Double, Int8)]
    )
    func level(latency: Double, level: Int8) {
        #expect(LatencyTimeline.level(of: latency) == level)
    }
}
