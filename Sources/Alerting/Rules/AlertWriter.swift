import BenchmarkModel

/// Puts the settings, the labels and the annotations around the expression of an alert.
struct AlertWriter {
    let policy: AlertPolicy
    /// The URL, without fragment, of the runbooks.
    let runbooks: String

    /// The rules of an alert of benchmarks: one for each way in which it is set, with the benchmarks that it is for.
    ///
    /// `hold` is at least the longest interval, so that a second run has its say, where `needsRuns`.
    func rules(
        _ name: AlertName,
        for entry: RuleClass,
        needsRuns: Bool = false,
        labels: [(name: String, value: String)] = [],
        summary: String,
        description: String,
        expression: ([WatchedBenchmark]) -> String
    ) -> [Rule] {
        let groups = Dictionary(grouping: entry.benchmarks) { benchmark in
            policy.settings(of: name, benchmark: benchmark.identity.benchmark)
        }
        return groups.filter(\.key.isEnabled)
            .sorted {
                ($0.key.hold, $0.key.keepFiring, $0.key.severity.rawValue)
                    < ($1.key.hold, $1.key.keepFiring, $1.key.severity.rawValue)
            }
            .map { settings, benchmarks in
                var settings = settings
                if needsRuns, let longest = benchmarks.map(\.interval).max() {
                    settings.hold = max(settings.hold, longest)
                    settings.keepFiring = max(settings.keepFiring, longest)
                }
                return rule(
                    name,
                    settings,
                    expression(benchmarks),
                    labels: [("window", entry.window.text)] + labels,
                    summary: summary,
                    description: description
                )
            }
    }

    /// The rule of an alert of the exporter as a whole; none where it is not enabled.
    func rules(_ name: AlertName, _ expression: String, summary: String, description: String) -> [Rule] {
        let settings = policy.settings(of: name)
        guard settings.isEnabled else { return [] }
        return [rule(name, settings, expression, labels: [], summary: summary, description: description)]
    }

    private func rule(
        _ name: AlertName,
        _ settings: AlertSettings,
        _ expression: String,
        labels: [(name: String, value: String)],
        summary: String,
        description: String
    ) -> Rule {
        Rule(
            kind: .alert(name, settings),
            expression: expression,
            labels: [("severity", settings.severity.rawValue)] + labels,
            annotations: [
                ("summary", summary), ("description", description),
                ("runbook_url", "\(runbooks)#\(name.fullName.lowercased())"),
            ]
        )
    }
}

/// Templates of Prometheus that several annotations share.
enum AnnotationText {
    /// Which benchmark of which target an alert is of.
    static let benchmark = "{{ $labels.benchmark }} ({{ $labels.operation }}) of {{ $labels.target }}"

    /// The value of `series` that has the labels of the alert as `format` shows it, or `otherwise` where there is none.
    static func value(
        _ series: String,
        labels: [String],
        format: String = "humanizeDuration",
        otherwise: String
    ) -> String {
        let matchers = labels.map { "\($0)=%q" }.joined(separator: ",")
        let values = labels.map { "$labels.\($0)" }.joined(separator: " ")
        return "{{ with printf `\(series){\(matchers)}` \(values) | query }}"
            + "{{ . | first | value | \(format) }}{{ else }}\(otherwise){{ end }}"
    }

    static let jobLabels = ["job", "benchmark", "operation", "target"]
}
