import BenchmarkModel
import Foundation

/// A call of the management API, which the script makes, and shows once somebody has signed in.
struct CallButton {
    /// Of the button; says with `subject` what it does.
    let text: String
    /// What the call is about, for who hears the button without seeing where it is.
    var subject: String?
    var method = "POST"
    /// Below the base path of the API.
    let path: String
    /// JSON.
    var body: String?
    /// Whether the benchmark that the button is about is to be run on schedule; the script makes the body of what is in force.
    var schedules: Bool?
    /// What is asked before it is done; of one benchmark only if no other is left.
    var question: String?

    var html: HTML {
        let label: HTML? = subject.map { " aria-label=\"\(text): \($0)\"" }
        let body: HTML? = body.map { " data-body=\"\($0)\"" }
        let schedules: HTML? = schedules.map { " data-schedules=\"\(String($0))\"" }
        let benchmark: HTML? = schedules == nil ? nil : subject.map { " data-benchmark=\"\($0)\"" }
        let question: HTML? = question.map { " data-question=\"\($0)\"" }
        return """
            <button type="button" class="call" data-method="\(method)" data-call="\(path)"\(body)\(schedules)\(benchmark)\(question)\(label) hidden>\
            \(text)</button>
            """
    }
}

extension CallButton {
    private struct Body: Encodable {
        var benchmarks: [String]?
        var record: Bool?
        var action: String?

        var json: String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    /// Runs one benchmark, or all of them, as the schedule would.
    static func run(_ benchmark: String?) -> Self {
        Self(
            text: benchmark == nil ? "Run all now" : "Run now",
            subject: benchmark,
            path: "/benchmarks/run",
            body: Body(benchmarks: benchmark.map { [$0] }, record: true).json
        )
    }

    static func cancel(_ run: ManualRunFacts) -> Self {
        Self(text: "Cancel", subject: "the run", method: "DELETE", path: "/benchmarks/runs/\(run.id)")
    }

    static func acceptBaseline(of benchmark: String) -> Self {
        Self(
            text: "Accept baseline",
            subject: benchmark,
            path: "/benchmarks/baseline",
            body: Body(benchmarks: [benchmark], action: "accept").json,
            question: "Take the present level of \(benchmark) as its baseline? The old one is forgotten."
        )
    }

    /// Begins or ends that one benchmark is run on schedule.
    static func schedule(_ benchmark: String, _ isScheduled: Bool) -> Self {
        Self(
            text: isScheduled ? "Start schedule" : "Stop schedule",
            subject: benchmark,
            path: startPath,
            schedules: isScheduled,
            question: isScheduled ? nil : stopQuestion
        )
    }

    /// Has everything run as the configuration says.
    static func scheduleAsConfigured(_ text: String) -> Self {
        Self(text: text, path: startPath, body: Body().json)
    }

    static let stopSchedule = Self(
        text: "Stop schedule",
        path: "/benchmarks/continuous/stop",
        question: stopQuestion
    )

    private static let stopQuestion = "Stop the schedule? Nothing is measured then until somebody starts it again."

    private static let startPath = "/benchmarks/continuous/start"
}
