import Testing

@testable import AIBenchmarkExporter

@Suite("starting and stopping one benchmark") struct ScheduleCallTests {
    private static let names = ["a", "b", "c"]

    @Test(
        "changes what is run of the schedule, and nothing else of it",
        arguments: [
            (ContinuousOverride(), "a", false, ContinuousOverride(benchmarks: ["b", "c"])),
            (ContinuousOverride(benchmarks: ["a"]), "a", false, ContinuousOverride(isStopped: true)),
            (ContinuousOverride(benchmarks: ["b", "c"]), "a", true, ContinuousOverride()),
            (ContinuousOverride(isStopped: true), "b", true, ContinuousOverride(benchmarks: ["b"])),
            (
                ContinuousOverride(interval: .seconds(5), benchmarks: ["c"]), "a", true,
                ContinuousOverride(interval: .seconds(5), benchmarks: ["a", "c"])
            ),
        ] as [(ContinuousOverride, String, Bool, ContinuousOverride)]
    )
    func scheduling(old: ContinuousOverride, name: String, isScheduled: Bool, new: ContinuousOverride) {
        #expect(old.scheduling(name, isScheduled, of: Self.names) == new)
    }

    @Test("is the call that the API takes")
    func calls() {
        let some = CallButton.schedule("Stop", ContinuousOverride(interval: .seconds(90), benchmarks: ["a/\""]))
        #expect(some.path == "/benchmarks/continuous/start")
        #expect(some.body == #"{"benchmarks":["a/\""],"interval":"90000ms"}"#)
        let none = CallButton.schedule("Stop", ContinuousOverride(isStopped: true))
        #expect(none.path == "/benchmarks/continuous/stop")
        #expect(none.body == nil)
        #expect(CallButton.schedule("Start", ContinuousOverride()).body == "{}")
        #expect(CallButton.run("a").body == #"{"benchmarks":["a"],"record":true}"#)
        #expect(CallButton.acceptBaseline(of: "a").body == #"{"action":"accept","benchmarks":["a"]}"#)
    }
}
