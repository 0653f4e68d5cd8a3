import BenchmarkModel

/// Where an operation stands against its baseline.
struct BaselinePanel {
    let finding: RegressionFinding

    var html: HTML {
        var items: [HTML] = []
        func add(_ name: String, _ value: HTML) { items.append("<div><dt>\(name)</dt><dd>\(value)</dd></div>") }
        if let changedAt = finding.changedAt { add("Since", FigureText.time(changedAt)) }
        if let shift = finding.shift {
            let limits = "95 %: \(Self.times(shift.lower)) to \(Self.times(shift.upper))"
            add("Latency now", "\(Self.times(shift.ratio)) (\(limits))")
        }
        if let trend = finding.trend, trend.isSignificant {
            let sign = trend.slopeRatioPerHour < 0 ? "−" : "+"
            add("Trend", "\(sign)\(FigureText.percent(abs(trend.slopeRatioPerHour))) an hour")
        }
        if let level = finding.baseline {
            add("P50 of the baseline", "\(FigureText.latency(level.p50))")
            add("P95 of the baseline", "\(FigureText.latency(level.p95))")
        }
        if finding.state == .learning { add("Learnt", "\(FigureText.percent(finding.learnt))") }
        add("Iterations of the baseline", "\(FigureText.count(finding.baselineSamples))")
        return """
            <section class="panel"><div class="head"><h3>Baseline</h3>\(Self.standing(finding))</div><dl>\(items)</dl></section>
            """
    }

    /// The state, as a badge.
    static func standing(_ finding: RegressionFinding) -> HTML {
        switch finding.state {
        case .learning: "<span class=\"badge none\">– learning</span>"
        case .stable: "<span class=\"badge pass\">✓ stable</span>"
        case .degraded where finding.latency != .degradation:
            "<span class=\"badge fail\">▲ degraded, more failures</span>"
        case .degraded: "<span class=\"badge fail\">▲ degraded\(size(finding))</span>"
        case .improved: "<span class=\"badge pass\">▼ improved\(size(finding))</span>"
        }
    }

    private static func size(_ finding: RegressionFinding) -> String {
        finding.shift.map { ", \(times($0.ratio))" } ?? ""
    }

    private static func times(_ ratio: Double) -> String { "\(FigureText.ratio(ratio)) ×" }
}
