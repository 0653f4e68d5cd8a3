import BenchmarkModel

/// What is not as the configuration has it: the schedule, and a run that somebody asked for; with what can be done.
struct ScheduleNotice {
    let facts: PageFacts

    var html: HTML {
        let run = facts.manualRun.map { run -> HTML in
            let subject: HTML =
                run.benchmarks.count == 1
                ? HTML.name(run.benchmarks.joined()) : "\(run.benchmarks.count) benchmarks"
            return """
                <p class="notice"><span>A run of \(subject), which somebody asked for, is going.</span>\
                \(button(.cancel(run)))</p>
                """
        }
        let notice = sentence.map { text -> HTML in "<p class=\"notice\">\(text)</p>" }
        let actions: HTML? =
            facts.management == nil ? nil : HTML(["<div class=\"actions\">"] + buttons.map(\.html) + ["</div>"])
        return "\(notice)\(run)\(actions)"
    }

    private var sentence: String? {
        let schedule = facts.schedule
        if schedule.isStopped { return "The schedule is stopped: nothing is measured until somebody starts it." }
        let interval = schedule.interval.map {
            "every \(FigureText.length($0.seconds)), whatever the configuration says"
        }
        let chosen = schedule.benchmarks.map { "only \($0.count) of \(facts.benchmarks.count) benchmarks" }
        let parts = [chosen, interval].compactMap(\.self)
        return parts.isEmpty ? nil : "The schedule was changed: it runs \(parts.joined(separator: ", "))."
    }

    private var buttons: [CallButton] {
        let start = facts.schedule.isStopped ? "Start schedule" : "Schedule as configured"
        return [.run(nil)] + (facts.schedule == ContinuousOverride() ? [] : [.scheduleAsConfigured(start)])
            + (facts.schedule.isStopped ? [] : [.stopSchedule])
    }

    private func button(_ button: CallButton) -> HTML? {
        facts.management == nil ? nil : button.html
    }
}
