import BenchmarkModel

/// The page of one benchmark: its operations with their phases and baselines, and its last runs.
struct BenchmarkPage {
    let benchmark: BenchmarkFacts
    let facts: PageFacts

    var html: HTML {
        PageDetail.heaviest(upTo: 180) { PageFrame(title: benchmark.name, facts: facts, main: main($0)).html }
    }

    private func main(_ detail: PageDetail) -> HTML {
        let last = benchmark.operations.compactMap(\.lastRunAt).max()
        return """
            <nav class="path" aria-label="Path"><a href="/">Benchmarks</a> › <span aria-current="page">\(HTML.name(benchmark.name))</span></nav>
            <h1>\(HTML.name(benchmark.name))</h1>
            <p class="muted">\(benchmark.category) · \(benchmark.probe) · \
            \(BenchmarkSchedule(benchmark: benchmark, lastRunAt: last).html)</p>
            \(facts.management == nil ? nil : HTML(["<div class=\"actions\">"] + actions.map(\.html) + ["</div>"]))
            \(AlertPanel(alerts: facts.alerts.filter { $0.benchmark == benchmark.name }).html)
            \(PlotLegend.html)
            \(benchmark.operations.enumerated().map { section($1, number: $0, detail) })
            \(RunTable(runs: benchmark.runs, rowLimit: detail.rows).html)
            """
    }

    private var actions: [CallButton] {
        let name = benchmark.name
        let baseline =
            benchmark.operations.contains { ($0.finding?.state ?? .learning) != .learning }
            ? [CallButton.acceptBaseline(of: name)] : []
        return [.run(name), .schedule(name, !benchmark.isScheduled)] + baseline
    }

    private func section(_ operation: OperationFacts, number: Int, _ detail: PageDetail) -> HTML {
        """
        <section class="operation \(Verdict(operation.grade).rawValue)" aria-labelledby="operation-\(number)"><div class="head">\
        <h2 id="operation-\(number)">\(HTML.name(operation.identity.operation)) · \(HTML.name(operation.identity.target))</h2>\
        \(Verdict(operation.grade).badge)</div>
        \(operation.last.flatMap(figures))
        \(plot(operation, detail))\(marks(operation))
        \(operation.failure.map { failure($0, detail) })
        <div class="panels">\(operation.state.flatMap { PhasePanel(histograms: $0.histograms.phases).html })\
        \(operation.finding.map { BaselinePanel(finding: $0).html })</div></section>
        """
    }

    private func plot(_ operation: OperationFacts, _ detail: PageDetail) -> HTML? {
        guard detail.columns > 0 else { return nil }
        return LatencyPlot(
            operation: operation,
            now: facts.now,
            size: detail.isSparse ? .sparse : .large,
            columnLimit: detail.columns,
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

    private func failure(_ facts: FailureFacts, _ detail: PageDetail) -> HTML {
        """
        <p class="failure"><b>Last failure</b> \(FigureText.time(facts.runEndedAt)) \
        <code>\(facts.failure.reason.rawValue)</code> \(OperationCard.description(of: facts, limit: detail.isSparse ? 160 : 2000))</p>
        """
    }

    private func figures(_ operation: OperationSummary) -> HTML? {
        guard let statistics = operation.statistics else { return nil }
        let objective = operation.objective
        let adjusted = statistics.adjusted
        var latencies: [(ObjectiveStatistic, Double)] = [
            (.p50, adjusted.p50), (.p95, adjusted.p95), (.p99, adjusted.p99),
        ]
        latencies.removeAll { $0.0 == objective.statistic }
        latencies.insert((objective.statistic, statistics.judged), at: 0)
        var figures = latencies.map { statistic, latency in
            (SuiteText.judged(Objective(metric: objective.metric, statistic: statistic)), FigureText.latency(latency))
        }
        figures += [
            ("Objective", SuiteText.objective(objective)),
            ("Success", FigureText.percent(statistics.successRatio)),
            ("Iterations", FigureText.count(statistics.samples)),
            ("Throughput", FigureText.rate(statistics.throughput)),
        ]
        if let right = statistics.validationRatio { figures.append(("Right answers", FigureText.percent(right))) }
        if let isConfident = operation.isConfident { figures.append(("Sure at 95 %", isConfident ? "yes" : "no")) }
        let items = figures.map { name, value -> HTML in "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
        let invalid: HTML? = operation.invalidity.map { "<p class=\"warning\">Not valid: \($0).</p>" }
        return "<dl class=\"figures many\">\(items)</dl>\(invalid)"
    }
}
