import BenchmarkModel

/// The last runs of a benchmark, newest first.
struct RunTable {
    let runs: [RunSummary]
    /// The most rows, of which one is of an operation of a run; but the last run is always whole.
    let rowLimit: Int

    var html: HTML {
        guard !runs.isEmpty else {
            return "<section><h2>Runs</h2><p class=\"empty\">None under this objective yet.</p></section>"
        }
        let operations = max(1, runs.map(\.operations.count).max() ?? 1)
        let rows = runs.prefix(max(1, rowLimit / operations)).flatMap { run in
            run.operations.map { row(of: $0, in: run) }
        }
        return """
            <section aria-labelledby="runs"><h2 id="runs">Runs</h2>
            <div class="scroll" role="region" aria-labelledby="runs" tabindex="0"><table class="runs">
            <thead><tr><th scope="col">Ended</th><th scope="col">Operation</th><th scope="col">Grade</th>\
            <th scope="col" class="number">P50</th><th scope="col" class="number">P95</th>\
            <th scope="col">Objective</th><th scope="col" class="number">Success</th><th scope="col">Failures</th>\
            <th scope="col">Slowest</th></tr></thead>
            <tbody>\(rows)</tbody></table></div></section>
            """
    }

    private func row(of operation: OperationSummary, in run: RunSummary) -> HTML {
        let statistics = operation.statistics
        let failures = operation.failures.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.key.rawValue) \(FigureText.count($0.value))" }
        let slowest: HTML? = operation.slowest.map { slowest in
            let trace: HTML? = slowest.traceID.map { " <code class=\"trace\">\($0)</code>" }
            return "\(FigureText.latency(slowest.seconds))\(trace)"
        }
        return """
            <tr><td>\(FigureText.time(run.completedAt))\(run.outcome == .completed ? "" : " (\(run.outcome.rawValue))")</td>\
            <td>\(operation.identity.operation) · \(operation.identity.target)</td><td>\(Verdict(statistics?.grade).badge)</td>\
            <td class="number">\(statistics.map { FigureText.latency($0.adjusted.p50) } ?? "–")</td>\
            <td class="number">\(statistics.map { FigureText.latency($0.adjusted.p95) } ?? "–")</td>\
            <td>\(SuiteText.objective(operation.objective))</td>\
            <td class="number">\(statistics.map { FigureText.percent($0.successRatio) } ?? "–")</td>\
            <td>\(failures.joined(separator: ", "))</td><td>\(slowest)</td></tr>
            """
    }
}
