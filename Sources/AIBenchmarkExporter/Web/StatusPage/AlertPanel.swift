import BenchmarkModel

/// The alerts that are pending or firing, or were until a moment ago: those of one name together, as an outage is one thing.
struct AlertPanel {
    /// What fires comes first.
    let alerts: [AlertFacts]
    /// The most that are shown of one name.
    private static let shown = 12

    private struct Group {
        var name: String
        var state: AlertFacts.State
        var alerts: [AlertFacts]
    }

    /// Nothing where there is none.
    var html: HTML? {
        guard !alerts.isEmpty else { return nil }
        let isFiring = alerts.contains { $0.state == .firing }
        return """
            <section class="alerts\(isFiring ? " firing" : nil)" aria-labelledby="alerts"><h2 id="alerts">Alerts</h2>\
            \(groups.map(details))</section>
            """
    }

    private var groups: [Group] {
        alerts.reduce(into: []) { groups, alert in
            if let index = groups.firstIndex(where: { $0.name == alert.name && $0.state == alert.state }) {
                groups[index].alerts.append(alert)
            } else {
                groups.append(Group(name: alert.name, state: alert.state, alerts: [alert]))
            }
        }
    }

    private func details(_ group: Group) -> HTML {
        let state = group.state.rawValue
        let (count, first) = (group.alerts.count, group.alerts.first)
        let kind = first?.benchmark == nil ? "targets" : "operations"
        let subject: HTML = count == 1 ? first.map(subject) ?? "" : "\(FigureText.count(count)) \(kind)"
        let rest: HTML? =
            count > Self.shown ? "<li class=\"muted\">and \(FigureText.count(count - Self.shown)) more</li>" : nil
        return """
            <details id="alert-\(state)-\(group.name)"\(count == 1 && group.state == .firing ? " open" : nil)>\
            <summary><span class="badge \(state)">\(Self.symbol(group.state)) \(state)</span> <b>\(group.name)</b> \
            <span class="muted">\(first?.severity.rawValue ?? "") · \(subject) · since \
            \(FigureText.time(group.alerts.map(\.since).min() ?? 0))</span></summary>\
            <ul>\(group.alerts.prefix(Self.shown).map(item))\(rest)</ul></details>
            """
    }

    private func item(_ alert: AlertFacts) -> HTML {
        let benchmark = alert.benchmark.map { name -> HTML in
            "<a href=\"\(BenchmarkPath.path(of: name))\">\(HTML.name(name))</a> <span class=\"muted\">\(HTML.name(alert.subject))</span> – "
        }
        return "<li>\(benchmark)\(alert.reason)</li>"
    }

    private func subject(_ alert: AlertFacts) -> HTML {
        "\(alert.benchmark.map { "\(HTML.name($0)) · " })\(HTML.name(alert.subject))"
    }

    private static func symbol(_ state: AlertFacts.State) -> String {
        switch state {
        case .firing: "▲"
        case .pending: "◷"
        case .resolved: "✓"
        }
    }
}
