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
    /// What is asked before it is done.
    var question: String?

    var html: HTML {
        let label: HTML? = subject.map { " aria-label=\"\(text): \($0)\"" }
        let body: HTML? = body.map { " data-body=\"\($0)\"" }
        let question: HTML? = question.map { " data-question=\"\($0)\"" }
        return """
            <button type="button" class="call" data-method="\(method)" data-call="\(path)"\(body)\(question)\(label) hidden>\
            \(text)</button>
            """
    }
}

extension CallButton {
    private struct Body: Encodable {
        var benchmarks: [String]?
        var interval: String?
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

    /// Brings another schedule into force.
    static func schedule(_ text: String, _ schedule: ContinuousOverride, subject: String? = nil) -> Self {
        if schedule.isStopped {
            return Self(text: text, subject: subject, path: "/benchmarks/continuous/stop", question: Self.stopQuestion)
        }
        let interval = schedule.interval.map { "\(Int($0.seconds * 1000))ms" }
        return Self(
            text: text,
            subject: subject,
            path: "/benchmarks/continuous/start",
            body: Body(benchmarks: schedule.benchmarks, interval: interval).json
        )
    }

    private static let stopQuestion = "Stop the schedule? Nothing is measured then until somebody starts it again."
}

extension ContinuousOverride {
    /// The same, but that `name`, of all the `names`, is or is not run on schedule.
    func scheduling(_ name: String, _ isScheduled: Bool, of names: [String]) -> Self {
        let others = isStopped ? [] : (benchmarks ?? names).filter { $0 != name }
        var changed = self
        changed.isStopped = !isScheduled && others.isEmpty
        let chosen = names.filter { others.contains($0) || isScheduled && $0 == name }
        changed.benchmarks = changed.isStopped || Set(chosen) == Set(names) ? nil : chosen
        return changed
    }
}
