import NIOHTTP1
import Testing

@testable import DemoService

@Suite
struct StallTests {
    private let stall = Stall(length: DurationText(milliseconds: 2000), period: DurationText(milliseconds: 10_000))

    @Test(
        "who comes during a stall waits until its end",
        arguments: [
            (-1, 2000), (0, 2000), (500, 1500), (1999, 1), (2000, 0), (9999, 0), (10_000, 2000), (31_250, 750),
        ]
    )
    func rest(elapsed: Int, wait: Int) {
        let rest = stall.rest(after: .milliseconds(elapsed))
        #expect(abs((rest - .milliseconds(wait)) / .microseconds(1)) < 1)
    }

    @Test("the first stall begins when the behaviour is set, and the usual latency comes on top")
    func phase() throws {
        var well = ServiceUnderTest()
        var stalling = ServiceUnderTest()
        stalling.now = .seconds(7)
        try stalling.behave(#"{"stall": {"for": "2s", "every": "10s"}}"#)
        for (now, wait) in [(7, 2), (8, 1), (9, 0), (18, 1)] {
            stalling.now = .seconds(now)
            let expected = try well.send(.GET, "/health").delayed(by: .seconds(wait))
            #expect(try stalling.send(.GET, "/health") == expected)
        }
    }

    @Test("only the named paths stall")
    func paths() throws {
        var service = ServiceUnderTest()
        try service.behave(#"{"stall": {"for": "2s", "every": "10s"}, "paths": ["/health"]}"#)
        #expect(try service.send(.GET, "/health").duration >= .seconds(2))
        #expect(try service.send(.GET, "/ready").duration < .seconds(1))
    }

    @Test("the service tells how it stalls as it may be told")
    func roundTrip() throws {
        var service = ServiceUnderTest()
        try service.behave(#"{"stall": {"for": "1.5ms", "every": "10s"}}"#)
        let told = try service.send(.GET, "/demo/behaviour").text
        #expect(told.contains(#""stall":{"every":"10000ms","for":"1.5ms"}"#))
        #expect(try service.send(.PUT, "/demo/behaviour", told).text == told)
    }
}
