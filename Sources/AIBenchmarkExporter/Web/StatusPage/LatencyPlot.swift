import BenchmarkModel
import Foundation

// A PLOT WITHOUT A SCRIPT
//
// Time goes from left to right, latency upwards on a logarithmic scale. The heat map counts successes by level, the line
// is the worst run of each column in the objective's statistic, and the dashed line is the objective: where the line is
// above it, the objective was missed. Columns with a failing run have a mark at the upper edge.
//
// Everything that is stretched is in an inner drawing, one unit a column and one a level, and the marks and the words are
// placed by percentages around it. So a plot is as wide as its place, and its words are as large as those of the page.

/// The last hours of one operation, as SVG that needs neither a style nor a script of its own.
struct LatencyPlot {
    /// How much of a page a plot may be.
    enum Size: String {
        /// Without what takes many bytes: where there are very many.
        case sparse
        case small, large
    }

    let operation: OperationFacts
    /// Seconds since 1970.
    let now: Double
    let size: Size
    /// The most columns.
    let columnLimit: Int
    /// Of the benchmark, in seconds: no column is shorter, or the line would have gaps.
    let interval: Double

    /// The plot; a sentence where there is nothing to plot yet.
    var html: HTML {
        guard let start = operation.timeline.start, let scale = LatencyScale(operation) else {
            return Self.empty(operation.last == nil ? "The first run is still to come." : nil)
        }
        let shortest = max(operation.timeline.slotLength, interval)
        let window = PlotWindow(from: start, to: now, shortest: shortest, limit: columnLimit)
        let columns = window.columns(of: operation.timeline)
        guard !columns.isEmpty else { return Self.empty(nil) }
        let objective = scale.percent(of: operation.objective.target.seconds)
        return """
            <figure class="plot \(size.rawValue)"><svg role="img" aria-label="\(summary(window, columns))">\
            \(size == .sparse ? nil : heatMap(columns, window, scale))\(ticks(scale))\
            <svg class="scaled" viewBox="-.5 0 \(window.count) \(scale.levels)" preserveAspectRatio="none">\
            \(line(columns, scale))</svg>\(failures(columns, window))\
            <line class="objective" x1="0" x2="100%" y1="\(objective)" y2="\(objective)"/>\
            \(marks(window))\
            \(label(at: objective, scale))\
            </svg><figcaption><span>\(FigureText.length(window.length)) ago</span><span>now</span></figcaption></figure>
            """
    }

    private static func empty(_ text: String?) -> HTML {
        "<p class=\"empty\">\(text ?? "No run in the last \(FigureText.length(LatencyTimeline.span)).")</p>"
    }

    /// What there is to see, for who does not see it.
    private func summary(_ window: PlotWindow, _ columns: [LatencyTimeline.Slot]) -> String {
        let runs = columns.reduce(0) { $0 + $1.runs }
        let failing = columns.reduce(0) { $0 + $1.failingRuns }
        let finite = columns.map(\.judged).filter(\.isFinite)
        let judged = SuiteText.judged(operation.objective)
        var text =
            "The last \(FigureText.length(window.length)): \(Self.count(runs, "run")), \(failing) beyond the objective"
        if let least = finite.min(), let greatest = finite.max() {
            text += "; \(judged) from \(FigureText.latency(least)) to \(FigureText.latency(greatest))"
        }
        let seen = operation.marks.filter { window.share(of: $0.time) != nil }
        for kind in PlotMark.Kind.allCases {
            let count = seen.count { $0.kind == kind }
            if count > 0 { text += "; \(Self.count(count, kind.rawValue))" }
        }
        return text + "; objective \(SuiteText.objective(operation.objective))"
    }

    private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// One path for each shade, of the cells with it; neighbours in time are one rectangle.
    private func heatMap(
        _ columns: [LatencyTimeline.Slot],
        _ window: PlotWindow,
        _ scale: LatencyScale
    ) -> HTML? {
        let greatest = columns.lazy.flatMap(\.levels.values).max() ?? 0
        guard greatest > 0 else { return nil }
        var paths = Array(repeating: CellPath(), count: Self.shades)
        for level in scale.lowest...scale.highest {
            var run = (start: 0, length: 0, shade: -1)
            func close() {
                guard run.shade >= 0 else { return }
                paths[run.shade].add(x: run.start, y: Int(scale.highest) - Int(level), length: run.length)
            }
            for column in columns {
                let shade = Self.shade(of: column.levels[level] ?? 0, greatest: greatest)
                if shade == run.shade, run.start + run.length == Int(column.index) {
                    run.length += 1
                } else {
                    close()
                    run = (Int(column.index), 1, shade)
                }
            }
            close()
        }
        let shades = paths.enumerated().filter { !$1.text.isEmpty }
            .map { shade, path -> HTML in "<path class=\"heat\(shade + 1)\" d=\"\(path.text)\"/>" }
        return """
            <svg class="scaled" viewBox="0 0 \(window.count) \(scale.levels)" preserveAspectRatio="none">\(shades)</svg>
            """
    }

    private static let shades = 5

    /// 0 for the few, 4 for the most, by the logarithm of the number; -1 for none.
    private static func shade(of count: Int, greatest: Int) -> Int {
        guard count > 0 else { return -1 }
        guard greatest > 1 else { return 2 }
        let share = log(Double(count)) / log(Double(greatest))
        return min(shades - 1, Int(share * Double(shades)))
    }

    /// The worst run of each column; it is broken where there was none, and where that was a failure.
    private func line(_ columns: [LatencyTimeline.Slot], _ scale: LatencyScale) -> HTML {
        var path = ""
        var last: Int64?
        for column in columns where column.judged.isFinite {
            // One empty column is the rounding of an interval to columns.
            let isNext = last.map { column.index - $0 <= 2 } ?? false
            let y = String(format: "%.1f", scale.position(of: column.judged))
            // A line of no length is a dot.
            path += isNext ? "L\(column.index) \(y)" : "M\(column.index) \(y)h0"
            last = column.index
        }
        return "<path class=\"line\" d=\"\(path)\"/>"
    }

    private func failures(_ columns: [LatencyTimeline.Slot], _ window: PlotWindow) -> HTML? {
        var path = CellPath()
        var run = 0..<0
        for x in columns.filter({ $0.failingRuns > 0 }).map({ Int($0.index) }) {
            if x == run.upperBound, !run.isEmpty {
                run = run.lowerBound..<x + 1
            } else {
                if !run.isEmpty { path.add(x: run.lowerBound, y: 0, length: run.count) }
                run = x..<x + 1
            }
        }
        if !run.isEmpty { path.add(x: run.lowerBound, y: 0, length: run.count) }
        guard !path.text.isEmpty else { return nil }
        return """
            <svg width="100%" height="6" viewBox="0 0 \(window.count) 1" preserveAspectRatio="none">\
            <path class="failing" d="\(path.text)"/></svg>
            """
    }

    /// A card says the objective above its plot.
    private func label(at y: String, _ scale: LatencyScale) -> HTML? {
        guard size == .large else { return nil }
        return """
            <text class="objective" x="100%" dx="-4" y="\(y)" dy="\(scale.isNearTop(y) ? "13" : "-4")" text-anchor="end">\
            \(SuiteText.objective(operation.objective))</text>
            """
    }

    private func ticks(_ scale: LatencyScale) -> [HTML] {
        let limit =
            switch size {
            case .sparse: 0
            case .small: 3
            case .large: 5
            }
        return scale.ticks(atMost: limit, awayFrom: operation.objective.target.seconds).map { latency in
            let y = scale.percent(of: latency)
            return """
                <line class="tick" x1="0" x2="100%" y1="\(y)" y2="\(y)"/>\
                <text x="4" y="\(y)" dy="4">\(FigureText.latency(latency))</text>
                """
        }
    }

    private func marks(_ window: PlotWindow) -> [HTML] {
        operation.marks.compactMap { mark in
            guard let share = window.share(of: mark.time) else { return nil }
            let x = String(format: "%.1f%%", share * 100)
            let title: HTML? = size == .sparse ? nil : "<title>\(mark.kind.rawValue) \(mark.text)</title>"
            return """
                <g class="mark \(mark.kind.rawValue)">\(title)\
                <line x1="\(x)" x2="\(x)" y1="0" y2="100%"/></g>
                """
        }
    }
}

/// The time of a plot, and its columns.
struct PlotWindow {
    /// In seconds; one that people know.
    let length: Double
    let count: Int
    private let start: Double

    private static let lengths: [Double] = [300, 600, 900, 1800, 3600, 7200, 10_800, LatencyTimeline.span]

    /// The window that ends at `end` and reaches back to `start`, with no more than `limit` columns and none that is
    /// shorter than `shortest`, in seconds.
    init(from start: Double, to end: Double, shortest: Double, limit: Int) {
        // A plot of two or three columns would be of blocks.
        let least = max(end - start, 12 * shortest)
        length = Self.lengths.first { $0 >= least } ?? LatencyTimeline.span
        count = max(1, min(limit, Int(length / shortest)))
        self.start = end - length
    }

    /// The slots put together to columns, whose index is the number of the column.
    func columns(of timeline: LatencyTimeline) -> [LatencyTimeline.Slot] {
        var columns: [LatencyTimeline.Slot] = []
        for var slot in timeline.slots {
            guard let share = share(of: timeline.begin(of: slot) + timeline.slotLength / 2) else { continue }
            slot.index = min(Int64(share * Double(count)), Int64(count - 1))
            if columns.last?.index == slot.index {
                columns[columns.count - 1].merge(slot)
            } else {
                columns.append(slot)
            }
        }
        return columns
    }

    /// Where a time is, 0...1; `nil` outside of the window.
    func share(of time: Double) -> Double? {
        let share = (time - start) / length
        // The slot of the present moment may be of the future by half.
        return (0...1.01).contains(share) ? min(share, 1) : nil
    }
}

/// The logarithmic scale of latencies: levels, of which two double the latency.
private struct LatencyScale {
    let lowest: Int8
    let highest: Int8

    /// A scale on which everything of the operation has a place; `nil` where it has no run.
    init?(_ operation: OperationFacts) {
        let slots = operation.timeline.slots
        guard !slots.isEmpty else { return nil }
        let judged = slots.map(\.judged).filter(\.isFinite) + [operation.objective.target.seconds]
        let levels = slots.flatMap(\.levels.keys) + judged.map(LatencyTimeline.level)
        lowest = (levels.min() ?? 0) - 1
        highest = (levels.max() ?? 0) + 1
    }

    /// The height of the drawing.
    var levels: Int { Int(highest) - Int(lowest) + 1 }

    /// Round latencies well within the scale, in seconds: one, two and five of each power of ten, or what of them is enough.
    ///
    /// None is so near to `objective` that its line would strike it out.
    func ticks(atMost limit: Int, awayFrom objective: Double) -> [Double] {
        let powers = (-6...4).map { pow(10, Double($0)) }
        let choices = [[1, 2, 5], [1, 3], [1]].map { factors in
            powers.flatMap { power in factors.map { $0 * power } }
                .filter { (0.08...0.93).contains(share(of: $0)) && abs(share(of: $0) - share(of: objective)) > 0.06 }
        }
        return choices.first { $0.count <= limit } ?? choices.last.map { Array($0.prefix(limit)) } ?? []
    }

    /// In levels from the top.
    func position(of latency: Double) -> Double {
        min(max(0, Double(highest) - log2(max(latency, 1e-9)) * 2), Double(levels))
    }

    func percent(of latency: Double) -> String {
        String(format: "%.1f%%", share(of: latency) * 100)
    }

    /// From the top, 0...1.
    private func share(of latency: Double) -> Double { position(of: latency) / Double(levels) }

    func isNearTop(_ percent: String) -> Bool { (Double(percent.dropLast()) ?? 0) < 18 }
}
