import BenchmarkModel
import Foundation

/// The page at `/`: what is measured, how the last runs went, and where everything else is.
enum StatusPage {
    /// The page, as HTML; `states` are in the order of the configuration.
    static func html(states: [BenchmarkState], telemetryPath: String) -> String {
        let rows = states.flatMap(rows).joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>ai-benchmark-exporter</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
            table { border-collapse: collapse; width: 100%; }
            th, td { border-bottom: 1px solid #8886; padding: .3rem .6rem; text-align: left; }
            td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
            </style>
            </head>
            <body>
            <h1>ai-benchmark-exporter</h1>
            <p>Version \(ExporterVersion.current). <a href="\(escaped(telemetryPath))">Metrics</a>,
            <a href="/config">configuration</a>, <a href="/-/healthy">health</a>, <a href="/-/ready">readiness</a>.</p>
            <table>
            <thead><tr><th>Benchmark</th><th>Operation</th><th>Target</th><th>Grade</th><th class="number">P95</th>
            <th class="number">Objective</th><th class="number">Success</th><th>Against baseline</th><th>Last run</th><th>Last failure</th></tr></thead>
            <tbody>
            \(rows)
            </tbody>
            </table>
            </body>
            </html>

            """
    }

    private static func rows(_ state: BenchmarkState) -> [String] {
        state.operations.map { row($0.identity, state.lastRun) }
    }

    private static func row(_ identity: BenchmarkIdentity, _ run: RunSummary?) -> String {
        let operation = run?.operation(identity)
        let statistics = operation?.statistics
        let trace = operation?.lastFailureTraceID.map { " (trace \($0))" } ?? ""
        let failure = operation?.lastFailure.map { "\($0.reason.rawValue): \($0.detail)\(trace)" }
        let objective = operation?.objective
        let cells = [
            text(identity.benchmark), text(identity.operation), text(identity.target),
            text(statistics?.grade.rawValue ?? "no run yet"),
            number(statistics.map { milliseconds($0.adjusted.p95) }),
            number(objective.map { "\($0.statistic.rawValue) ≤ \(milliseconds($0.target.seconds))" }),
            number(statistics.map { String(format: "%.1f %%", $0.successRatio * 100) }),
            text(operation?.finding.map(standing) ?? ""),
            text(run.map { Date(timeIntervalSince1970: $0.completedAt).formatted(.iso8601) } ?? ""),
            text(failure ?? ""),
        ]
        return "<tr>" + cells.joined() + "</tr>"
    }

    /// How an operation stands against its baseline, such as `degraded, 2.1 times as long`.
    private static func standing(_ finding: RegressionFinding) -> String {
        switch finding.state {
        case .learning: String(format: "learning, %.0f %%", finding.learnt * 100)
        case .stable: finding.state.rawValue
        case .degraded where finding.latency != .degradation: "degraded, more failures"
        case .degraded, .improved:
            finding.state.rawValue + (finding.shift.map { String(format: ", %.2f times as long", $0.ratio) } ?? "")
        }
    }

    private static func text(_ value: String) -> String {
        "<td>\(escaped(value))</td>"
    }

    private static func number(_ value: String?) -> String {
        "<td class=\"number\">\(escaped(value ?? ""))</td>"
    }

    /// An infinite latency is that of a failure.
    private static func milliseconds(_ seconds: Double) -> String {
        seconds.isFinite ? String(format: "%.1f ms", seconds * 1000) : "failed"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
