import BenchmarkModel

/// One operation on the overview: how it is, how it has been, and what went wrong last.
struct OperationCard {
    let benchmark: BenchmarkFacts
    let operation: OperationFacts
    let facts: PageFacts
    let detail: PageDetail

    var html: HTML {
        let identity = operation.identity
        let statistics = operation.last?.statistics
        return """
            <li class="card \(Verdict(operation.grade).rawValue)"><div class="head"><h2><a href="\(BenchmarkPath.path(of: identity.benchmark))">\
            \(HTML.name(identity.benchmark))</a></h2>\(Verdict(operation.grade).badge)</div>
            <p class="muted">\(HTML.name(identity.operation)) · \(HTML.name(identity.target))\(standing)\(invalidity)</p>
            <dl class="figures"><div><dt>\(SuiteText.judged(operation.objective))</dt>\
            <dd>\(statistics.map { FigureText.latency($0.judged) } ?? "–")</dd></div>\
            <div><dt>Objective</dt><dd>≤ \(FigureText.latency(operation.objective.target.seconds))</dd></div>\
            <div><dt>Success</dt><dd>\(statistics.map { FigureText.percent($0.successRatio) } ?? "–")</dd></div></dl>
            \(plot)
            <div class="muted when"><span>\(schedule)</span>\(runButton)</div>\(failure)</li>
            """
    }

    private var plot: HTML? {
        guard detail.columns > 0 else { return nil }
        return LatencyPlot(
            operation: operation,
            now: facts.now,
            size: detail.isSparse ? .sparse : .small,
            columnLimit: detail.columns,
            interval: benchmark.interval
        )
        .html
    }

    private var schedule: HTML {
        BenchmarkSchedule(benchmark: benchmark, lastRunAt: operation.lastRunAt, isShort: true).html
    }

    /// Of those that know one.
    private var standing: HTML? {
        operation.finding.map { " \(BaselinePanel.standing($0))" }
    }

    private var invalidity: HTML? {
        operation.last?.invalidity.map { " <span class=\"badge pending\" title=\"\($0)\">▲ not valid</span>" }
    }

    /// Folded up while all is well again, and while so much is not that one says as much as all.
    private var isUnfolded: Bool { operation.grade == .fail && facts.operations.count { $0.grade == .fail } <= 6 }

    private var failure: HTML? {
        operation.failure.map { facts in
            let what: HTML = """
                <b>Last failure</b> \(FigureText.time(facts.runEndedAt)) <code>\(facts.failure.reason.rawValue)</code>
                """
            guard !detail.isSparse else { return "<p class=\"failure\">\(what)\(Self.trace(of: facts))</p>" }
            let identity = operation.identity
            return """
                <details id="failure-\(identity.benchmark)-\(identity.operation)-\(identity.target)" class="failure"\(isUnfolded ? " open" : nil)>\
                <summary>\(what)</summary>\(Self.description(of: facts, limit: 160))</details>
                """
        }
    }

    private var runButton: HTML? {
        guard facts.management != nil, !detail.isSparse, operation.identity == benchmark.operations.first?.identity
        else {
            return nil
        }
        return CallButton.run(benchmark.name).html
    }

    /// What happened, cut to `limit` characters, and the trace.
    static func description(of facts: FailureFacts, limit: Int) -> HTML {
        let detail = facts.failure.detail
        return "\(detail.count > limit ? "\(detail.prefix(limit))…" : detail)\(trace(of: facts))"
    }

    private static func trace(of facts: FailureFacts) -> HTML? {
        facts.traceID.map { " <span class=\"trace\">trace \($0)</span>" }
    }
}

/// When a benchmark ran last, and when it runs next.
struct BenchmarkSchedule {
    let benchmark: BenchmarkFacts
    /// Seconds since 1970.
    let lastRunAt: Double?
    var isShort = false

    var html: HTML {
        let due = benchmark.nextRunAt.map { at -> HTML in "Next run \(FigureText.time(at, isDue: true))" }
        let next = benchmark.isRunning ? "Running now" : due
        guard benchmark.isScheduled else {
            let last: HTML? = lastRunAt.map { at -> HTML in " · last run \(FigureText.time(at))" }
            return "<span class=\"badge pending\">▪ stopped</span>\(last)"
        }
        let last: HTML? = lastRunAt.map { at -> HTML in "last run \(FigureText.time(at))" }
        let interval: HTML? = isShort ? nil : "every \(FigureText.length(benchmark.interval))"
        let parts = [next, last, interval].compactMap(\.self)
        return HTML(Array(parts.map { [$0] }.joined(separator: [" · "])))
    }
}
