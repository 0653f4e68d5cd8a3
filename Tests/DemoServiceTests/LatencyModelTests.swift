import Testing

@testable import DemoService

@Suite
struct LatencyModelTests {
    @Test("the same seed gives the same latencies", arguments: LatencyKind.allCases)
    func sameSeed(kind: LatencyKind) {
        var one = LatencyModel(seed: 7)
        var two = LatencyModel(seed: 7)
        #expect((0..<100).map { _ in one.draw(kind) } == (0..<100).map { _ in two.draw(kind) })
    }

    @Test("another seed gives other latencies", arguments: LatencyKind.allCases)
    func otherSeed(kind: LatencyKind) {
        var one = LatencyModel(seed: 7)
        var two = LatencyModel(seed: 8)
        #expect((0..<10).map { _ in one.draw(kind) } != (0..<10).map { _ in two.draw(kind) })
    }

    @Test("what is drawn of one kind does not depend on draws of another")
    func independence() {
        var alone = LatencyModel(seed: 7)
        var mixed = LatencyModel(seed: 7)
        let expected = (0..<10).map { _ in alone.draw(.health) }
        let found = (0..<10).map { _ in
            _ = mixed.draw(.nextToken)
            return mixed.draw(.health)
        }
        #expect(found == expected)
    }

    @Test("latencies gather round their median and stay within 0.4 and 2.5 of it", arguments: LatencyKind.allCases)
    func shape(kind: LatencyKind) {
        var model = LatencyModel(seed: 1)
        let draws = (0..<2001).map { _ in model.draw(kind) / kind.median }.sorted()
        #expect((0.97...1.03).contains(draws[1000]))
        #expect((1.5...1.8).contains(draws[1900]))
        #expect(draws[0] > 0.4 && draws[2000] < 2.5)
    }

    @Test("the generator is the published one")
    func publishedGenerator() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in generator.next() }
                == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        )
    }
}
