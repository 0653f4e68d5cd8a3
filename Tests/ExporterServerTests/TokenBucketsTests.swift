import ExporterTestSupport
import Testing

@testable import ExporterServer

@Suite("Token buckets")
struct TokenBucketsTests {
    private static let limit = RateLimit(interval: .seconds(2), burst: 3)

    @Test("allow a burst, then one per interval, and say how long to wait")
    func burst() {
        var buckets = TokenBuckets<String>(capacity: 10)
        for _ in 0..<3 { #expect(buckets.take("a", limit: Self.limit, now: .seconds(100)) == nil) }
        #expect(buckets.take("a", limit: Self.limit, now: .seconds(100)) == .seconds(2))
        #expect(buckets.take("a", limit: Self.limit, now: .milliseconds(101_500)) == .milliseconds(500))
        #expect(buckets.take("a", limit: Self.limit, now: .seconds(102)) == nil)
        #expect(buckets.take("a", limit: Self.limit, now: .seconds(102)) == .seconds(2))
    }

    @Test("never let more through in any span than the burst and what the span brings", arguments: 0..<4)
    func bound(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var buckets = TokenBuckets<String>(capacity: 1)
        var now = Duration.zero
        var taken: [Duration] = []
        for _ in 0..<2000 {
            now += .milliseconds(Int.random(in: 0...1500, using: &generator))
            switch buckets.take("a", limit: Self.limit, now: now) {
            case nil: taken.append(now)
            case let wait?:
                #expect(wait > .zero && wait <= Self.limit.interval)
                var later = buckets
                #expect(later.take("a", limit: Self.limit, now: now + wait) == nil)
            }
        }
        for (index, first) in taken.enumerated() {
            for (count, last) in taken[index...].prefix(50).enumerated() {
                #expect(Double(count + 1) <= 3 + (last - first) / Self.limit.interval + 1e-9)
            }
        }
    }

    @Test("of two keys know nothing of each other")
    func keys() {
        var buckets = TokenBuckets<String>(capacity: 10)
        for _ in 0..<3 { #expect(buckets.take("a", limit: Self.limit, now: .zero) == nil) }
        #expect(buckets.take("a", limit: Self.limit, now: .zero) != nil)
        #expect(buckets.take("b", limit: Self.limit, now: .zero) == nil)
    }

    @Test("take a token back")
    func giveBack() {
        var buckets = TokenBuckets<String>(capacity: 10)
        for _ in 0..<10 {
            #expect(buckets.take("a", limit: Self.limit, now: .zero) == nil)
            buckets.giveBack("a", limit: Self.limit)
        }
        buckets.giveBack("b", limit: Self.limit)
        #expect(buckets.count == 1)
    }

    @Test("never are more than they may be: further keys share one until others are full again")
    func capacity() {
        var buckets = TokenBuckets<Int>(capacity: 4)
        for key in 0..<4 { #expect(buckets.take(key, limit: Self.limit, now: .zero) == nil) }
        let admitted = (4..<1000).filter { buckets.take($0, limit: Self.limit, now: .zero) == nil }
        #expect(admitted == [4, 5, 6])
        #expect(buckets.count == 4)
        #expect(buckets.take(0, limit: Self.limit, now: .zero) == nil)
        #expect(buckets.take(2000, limit: Self.limit, now: .seconds(3)) == nil)
        #expect(buckets.count == 2)
    }
}
