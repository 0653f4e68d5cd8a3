import BenchmarkModel
import Foundation

/// Where the time of exchanges goes: the share of each phase in the time of all, and its mean where it took place.
struct PhasePanel {
    let histograms: [ProbePhase: Histogram]

    /// Nothing where no phase took place.
    var html: HTML? {
        let phases = ProbePhase.allCases.compactMap { phase -> (phase: ProbePhase, time: Double, count: UInt64)? in
            guard let histogram = histograms[phase], histogram.count > 0 else { return nil }
            return (phase, histogram.sum, histogram.count)
        }
        let total = phases.reduce(0) { $0 + $1.time }
        guard total > 0, total.isFinite else { return nil }
        var x = 0.0
        var bars: [HTML] = []
        var rows: [HTML] = []
        for (phase, time, count) in phases {
            let name = phase.rawValue
            let left = String(format: "%.2f%%", x / total * 100)
            let width = String(format: "%.2f%%", time / total * 100)
            bars.append("<rect class=\"phase-\(name)\" x=\"\(left)\" width=\"\(width)\" height=\"100%\"/>")
            rows.append(
                """
                <tr><th scope="row"><svg class="key" aria-hidden="true"><rect class="phase-\(name)" width="100%" height="100%"/>\
                </svg>\(name)</th><td class="number">\(FigureText.latency(time / Double(count)))</td>\
                <td class="number">\(FigureText.percent(time / total))</td>\
                <td class="number">\(FigureText.count(Int(clamping: count)))</td></tr>
                """
            )
            x += time
        }
        return """
            <section class="panel"><h3>Phases</h3><svg class="phases" aria-hidden="true">\(bars)</svg>
            <table><thead><tr><th scope="col">Phase</th><th scope="col" class="number">Mean</th>\
            <th scope="col" class="number">Share</th><th scope="col" class="number">Count</th></tr></thead><tbody>\(rows)</tbody></table></section>
            """
    }
}
