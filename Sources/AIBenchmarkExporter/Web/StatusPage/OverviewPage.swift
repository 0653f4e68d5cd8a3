import BenchmarkModel
import SnapshotStore

/// The page at `/`: how everything is, and one card for each operation.
struct OverviewPage {
    let facts: PageFacts

    var html: HTML {
        PageDetail.heaviest(upTo: 60) { PageFrame(title: title, facts: facts, main: main($0)).html }
    }

    private var title: String {
        let failing = facts.operations.count { $0.grade == .fail }
        return failing == 0 ? "Status" : "\(failing) failing"
    }

    private func main(_ detail: PageDetail) -> HTML {
        let operations = facts.operations
        let cards = facts.benchmarks.flatMap { benchmark in
            benchmark.operations.map { operation in
                OperationCard(benchmark: benchmark, operation: operation, facts: facts, detail: detail).html
            }
        }
        return """
            <h1>Benchmarks</h1>
            <p class="summary">\(summary(operations))\(troubles)</p>
            \(failing(operations))
            \(ScheduleNotice(facts: facts).html)
            \(AlertPanel(alerts: facts.alerts).html)
            \(operations.isEmpty || detail.columns == 0 ? nil : PlotLegend.html)
            <ul class="cards">\(cards)</ul>
            <div class="panels">\(StorePanel(store: facts.store).html)\(BudgetPanel(budgets: facts.budgets).html)</div>
            """
    }

    private func summary(_ operations: [OperationFacts]) -> [HTML] {
        let counts: [(Int, Verdict)] = Verdict.allCases.map { verdict in
            (operations.count { Verdict($0.grade) == verdict }, verdict)
        }
        return counts.filter { $0.0 > 0 }.map { count, verdict in
            "<span class=\"badge \(verdict.rawValue)\">\(verdict.symbol) \(count) \(verdict.text)</span> "
        }
    }

    /// What stands below all cards, and must not be missed.
    private var troubles: [HTML] {
        var troubles: [HTML] = []
        if let store = facts.store, !store.status.isUp || store.status.isFenced {
            troubles.append("<a class=\"badge fail\" href=\"#store\">✕ store</a> ")
        }
        if facts.budgets.contains(where: \.isSpent) {
            troubles.append("<a class=\"badge fail\" href=\"#budgets\">✕ budget spent</a> ")
        }
        return troubles
    }

    /// Leads to the benchmarks of the first few that fail.
    private func failing(_ operations: [OperationFacts]) -> HTML? {
        var names: [String] = []
        for operation in operations where operation.grade == .fail && !names.contains(operation.identity.benchmark) {
            names.append(operation.identity.benchmark)
        }
        guard !names.isEmpty else { return nil }
        let links = names.prefix(8).map { name -> HTML in
            "<a href=\"\(BenchmarkPath.path(of: name))\">\(HTML.name(name))</a> "
        }
        let rest = names.count > 8 ? "and \(names.count - 8) more" : ""
        return "<p class=\"summary\">\(links)<span class=\"muted\">\(rest)</span></p>"
    }
}

/// A grade for people: never by its colour alone.
enum Verdict: String, CaseIterable {
    case fail, pass, none

    init(_ grade: Grade?) {
        switch grade {
        case .pass: self = .pass
        case .fail: self = .fail
        case nil: self = .none
        }
    }

    var symbol: String {
        switch self {
        case .pass: "✓"
        case .fail: "✕"
        case .none: "–"
        }
    }

    var text: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .none: "no run yet"
        }
    }

    var badge: HTML { "<span class=\"badge \(rawValue)\">\(symbol) \(text)</span>" }
}

extension OperationFacts {
    /// Of the last completed run; `nil` before there is one.
    var grade: Grade? { last?.statistics?.grade }
}
