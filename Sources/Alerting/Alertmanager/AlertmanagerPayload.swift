import BenchmarkModel
package import Foundation

/// Alerts as Alertmanager takes them: the body of `POST /api/v2/alerts`.
///
/// See https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml.
package enum AlertmanagerPayload {
    /// How many times the resend interval an alert outlives the exporter that told of it.
    ///
    /// Prometheus, too, says four.
    private static let patience = 4.0

    private struct Alert: Encodable {
        var labels: [String: String]
        var annotations: [String: String]
        var startsAt: String
        var endsAt: String
    }

    /// The JSON of those of `alerts` that have fired; `instance` names the exporter, and the label `source` says that this is
    /// not an alert of Prometheus.
    package static func body(
        of alerts: [ProcessAlert],
        at now: Double,
        instance: String,
        resendInterval: Duration,
        runbooks: String
    ) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let entries = alerts.compactMap { alert -> Alert? in
            let startsAt: Double
            let endsAt: Double
            switch alert.phase {
            case .inactive, .pending: return nil
            case .firing(let since, _):
                startsAt = since
                endsAt = now + patience * resendInterval.seconds
            case .resolved(let since, let at):
                startsAt = since
                endsAt = at
            }
            return Alert(
                labels: labels(of: alert, instance: instance),
                annotations: [
                    "summary": alert.reason,
                    "runbook_url": "\(runbooks)#\(alert.key.name.fullName.lowercased())",
                ],
                startsAt: text(of: startsAt),
                endsAt: text(of: endsAt)
            )
        }
        return try encoder.encode(entries)
    }

    private static func labels(of alert: ProcessAlert, instance: String) -> [String: String] {
        var labels = [
            "alertname": alert.key.name.fullName, "severity": alert.severity.rawValue, "instance": instance,
            "source": "exporter",
        ]
        switch alert.key.subject {
        case .exporter: break
        case .target(let name): labels["target"] = name
        case .benchmark(let identity):
            for label in LabelSet(identity).labels { labels[label.name] = label.value }
        }
        return labels
    }

    /// As RFC 3339 has it, with milliseconds.
    private static func text(of time: Double) -> String {
        Date(timeIntervalSince1970: time).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
