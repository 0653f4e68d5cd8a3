import BenchmarkModel
import Testing

@Suite struct MeasurementFloorTests {
    @Test("the floor is the longest exchange, and there is none without one")
    func longest() {
        let exchanges = [2, 7, 3].map { IterationOutcome(duration: .milliseconds($0)) }
        #expect(MeasurementFloor(of: exchanges)?.duration == .milliseconds(7))
        #expect(MeasurementFloor(of: []) == nil)
    }

    @Test(
        "a run is invalid as soon as its floor is more than a tenth of its target",
        arguments: [
            (Duration.zero, nil), (.milliseconds(30), nil),
            (
                .nanoseconds(30_000_001),
                "the exporter's floor of 30.0 ms is more than a tenth of the target of 300.0 ms"
            ),
            (.seconds(1), "the exporter's floor of 1000.0 ms is more than a tenth of the target of 300.0 ms"),
        ] as [(Duration, String?)]
    )
    func boundary(duration: Duration, objection: String?) {
        let floor = MeasurementFloor(of: [IterationOutcome(duration: duration)])
        #expect(floor?.objection(to: Objective(target: .milliseconds(300))) == objection)
    }

    @Test("a run whose floor cannot be known is invalid")
    func failure() {
        let failed = IterationOutcome(duration: .milliseconds(1), failure: IterationFailure(.connect, "refused"))
        let floor = MeasurementFloor(of: [failed, IterationOutcome(duration: .milliseconds(1))])
        #expect(floor?.objection(to: Objective()) == "the exporter could not ask itself: refused")
    }
}
