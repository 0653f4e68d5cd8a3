import SnapshotStore

/// How the store is doing.
struct StorePanel {
    /// `nil` where nothing is kept.
    let store: StoreFacts?

    var html: HTML {
        """
        <section class="panel" aria-labelledby="store"><div class="head"><h2 id="store">Store</h2>\(verdict)</div>\(content)</section>
        """
    }

    private var verdict: HTML {
        switch store?.status {
        case nil: "<span class=\"badge none\">– none</span>"
        case let status? where status.isFenced: "<span class=\"badge fail\">✕ a newer process owns the instance</span>"
        case let status? where status.isUp: "<span class=\"badge pass\">✓ up</span>"
        case .some: "<span class=\"badge fail\">✕ down</span>"
        }
    }

    private var content: HTML {
        guard let store else { return "<p>Nothing is kept: after a restart, counters and baselines begin anew.</p>" }
        let status = store.status
        let failures = status.operations.values.flatMap { outcomes in
            outcomes.filter { $0.key != .success }.map(\.value)
        }
        return """
            <dl><div><dt>Kind</dt><dd>\(store.kind)</dd></div>\
            <div><dt>Last stored</dt><dd>\(status.lastSuccessAt.map { FigureText.time($0) } ?? "never")</dd></div>\
            <div><dt>Runs not stored yet</dt><dd>\(FigureText.count(status.undurableRuns))</dd></div>\
            <div><dt>Failed operations</dt><dd>\(FigureText.count(Int(clamping: failures.reduce(0, &+))))</dd></div></dl>
            """
    }
}

/// What the targets have cost, held against their limits.
struct BudgetPanel {
    let budgets: [BudgetFacts]

    /// Nothing where there is no limit.
    var html: HTML? {
        guard !budgets.isEmpty else { return nil }
        let rows = budgets.enumerated().map { index, budget -> HTML in
            """
            <li><div class="head"><span id="budget-\(index)"><b>\(budget.target)</b>, this \(budget.period)</span>\
            <span>\(FigureText.count(budget.spent)) of \(FigureText.count(budget.limit)) tokens\
            \(budget.isSpent ? " <span class=\"badge fail\">✕ spent</span>" : "")</span></div>
            <meter aria-labelledby="budget-\(index)" min="0" max="\(budget.limit)" high="\(String(Double(budget.limit) * 0.9))" \
            optimum="0" value="\(min(budget.spent, budget.limit))"></meter></li>
            """
        }
        return """
            <section class="panel" aria-labelledby="budgets"><h2 id="budgets">Budgets</h2><ul class="budgets">\(rows)</ul></section>
            """
    }
}
