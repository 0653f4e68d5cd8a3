import BenchmarkModel

/// The page of one benchmark: its operations with their phases and baselines, and its last runs.
struct BenchmarkPage {
    let benchmark: BenchmarkFacts
    let facts: PageFacts

    var html: HTML {
        PageFrame(title: benchmark.name, facts: facts, main: main).html
    }

    private var main: HTML {
        let last = benchmark.operations.compactMap(\.lastRunAt).max()
        return """
            <nav class="path" aria-label="Path"><a href="/">Benchmarks</a> › <span aria-current="page">\(HTML.name(benchmark.name))</span></nav>
            <h1>\(HTML.name(benchmark.name))</h1>
            <p class="muted">\(benchmark.category) · \(benchmark.probe) · \
            \(BenchmarkSchedule(benchmark: benchmark, lastRunAt: last).html)</p>
            \(facts.management == nil ? nil : HTML(["<div class=\"actions\">"] + actions.map(\.html) + ["</div>"]))
            \(AlertPanel(alerts: facts.alerts.filter { $0.benchmark == benchmark.name }).html)
            \(PlotLegend.html)
            \(benchmark.operations.enumerated().map { section($1, number: $0) })
            \(RunTable(runs: benchmark.runs).html)
            """
    }

    private var actions: [CallButton] {
        let name = benchmark.name
        let schedule = facts.schedule.scheduling(name, !benchmark.isScheduled, of: facts.benchmarks.map(\.name))
        let baseline =
            benchmark.operations.contains { ($0.finding?.state ?? .learning) != .learning }
            ? [CallButton.acceptBaseline(of: name)] : []
        return [
            .run(name), .schedule(benchmark.isScheduled ? "Stop schedule" : "Start schedule", schedule, subject: name),
        ] + baseline
    }

    private func section(_ operation: OperationFacts, number: Int) -> HTML {
        """
        <section class="operation \(Verdict(operation.grade).rawValue)" aria-labelledby="operation-\(number)"><div class="head">\
        <h2 id="operation-\(number)">\(HTML.name(operation.identity.operation)) · \(HTML.name(operation.identity.target))</h2>\
        \(Verdict(operation.grade).badge)</div>
        \(operation.last.flatMap(figures))
        \(plot(operation))\(marks(operation))
        \(operation.failure.map(failure))
        <div class="panels">\(operation.state.flatMap { PhasePanel(histograms: $0.histograms.phases).html })\
        \(operation.finding.map { BaselinePanel(finding: $0).html })</div></section>
        """
    }

    private func plot(_ operation: OperationFacts) -> HTML {
        LatencyPlot(
            operation: operation,
            now: facts.now,
            size: .large,
            columnLimit: 180,
            interval: benchmark.interval
        ).html
    }

    /// What the lines across the plot are, the latest first.
    private func marks(_ operation: OperationFacts) -> HTML? {
        let marks = operation.marks.filter { facts.now - $0.time < LatencyTimeline.span }
            .sorted { $0.time > $1.time }.prefix(Self.listedMarks)
        guard !marks.isEmpty else { return nil }
        let items = marks.map { mark -> HTML in
            "<li><b>\(mark.kind.rawValue)</b> \(mark.text) \(FigureText.time(mark.time))</li>"
        }
        return "<ul class=\"marks muted\">\(items)</ul>"
    }

    private static let listedMarks = 6

    private func failure(_ facts: FailureFacts) -> HTML {
        """
        <p class="failure"><b>Last failure</b> \(FigureText.time(facts.runEndedAt)) \
        <code>\(facts.failure.reason.rawValue)</code> \(OperationCard.description(of: facts, limit: 2000))</p>
        """
    }

    private func figures(_ operation: OperationSummary) -> HTML? {
        guard let statistics = operation.statistics else { return nil }
        var figures: [(String, String)] = [
            ("Objective", operation.objective.shortText),
            ("P95", FigureText.latency(statistics.adjusted.p95)),
            ("P50", FigureText.latency(statistics.adjusted.p50)),
            ("P99", FigureText.latency(statistics.adjusted.p99)),
            ("Success", FigureText.percent(statistics.successRatio)),
            ("Iterations", FigureText.count(statistics.samples)),
            ("Throughput", "\(FigureText.rate(statistics.throughput))"),
        ]
        if let right = statistics.validationRatio { figures.append(("Right answers", FigureText.percent(right))) }
        if let isConfident = operation.isConfident { figures.append(("Sure at 95 %", isConfident ? "yes" : "no")) }
        let items = figures.map { name, value -> HTML in "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
        let invalid: HTML? = operation.invalidity.map { "<p class=\"warning\">Not valid: \($0).</p>" }
        return "<dl class=\"figures many\">\(items)</dl>\(invalid)"
    }
}
