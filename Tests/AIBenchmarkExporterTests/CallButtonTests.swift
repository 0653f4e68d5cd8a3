import Testing

@testable import AIBenchmarkExporter

@Suite("the calls of the buttons") struct CallButtonTests {
    @Test("are those that the API takes")
    func calls() {
        #expect(CallButton.scheduleAsConfigured("Start").path == "/benchmarks/continuous/start")
        #expect(CallButton.scheduleAsConfigured("Start").body == "{}")
        #expect(CallButton.stopSchedule.path == "/benchmarks/continuous/stop")
        #expect(CallButton.stopSchedule.body == nil)
        #expect(CallButton.run("a").body == #"{"benchmarks":["a"],"record":true}"#)
        #expect(CallButton.acceptBaseline(of: "a").body == #"{"action":"accept","benchmarks":["a"]}"#)
    }

    @Test("leave to the script what is made of the schedule that is in force", arguments: [true, false])
    func schedule(isScheduled: Bool) {
        let button = CallButton.schedule("a/\"", isScheduled)
        #expect(button.body == nil)
        #expect(button.html.text.contains(" data-schedules=\"\(isScheduled)\" data-benchmark=\"a/&quot;\" "))
    }
}
