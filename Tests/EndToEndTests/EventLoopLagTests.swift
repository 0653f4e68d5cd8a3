import NIOCore
import Testing

@testable import AIBenchmarkExporter

@Suite struct EventLoopLagTests {
    private static func second(_ number: Int64) -> NIODeadline {
        .uptimeNanoseconds(1_000_000_000_000) + .seconds(number)
    }

    @Test("the lag is the greatest of the last minute")
    func greatest() {
        var lag = EventLoopLag(firstBeat: Self.second(0))
        #expect(lag.greatest(at: Self.second(0)) == nil)
        lag.beat(at: Self.second(2))
        #expect(lag.greatest(at: Self.second(2)) == .seconds(2))
        for beat in 1...11 { lag.beat(at: Self.second(2 + Int64(beat) * 5)) }
        #expect(lag.greatest(at: Self.second(57)) == .seconds(2))
        lag.beat(at: Self.second(62))
        #expect(lag.greatest(at: Self.second(62)) == .zero)
    }

    @Test("a task that does not come is a lag that grows")
    func overdue() {
        var lag = EventLoopLag(firstBeat: Self.second(0))
        lag.beat(at: Self.second(0))
        #expect(lag.greatest(at: Self.second(5)) == .zero)
        #expect(lag.greatest(at: Self.second(9)) == .seconds(4))
        #expect(lag.overdue(at: Self.second(9)) == .seconds(4))
    }
}
