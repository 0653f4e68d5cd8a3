import BenchmarkModel
import Foundation

extension [AlertOverride] {
    /// Reads the list of what alerts do differently; entries with problems are left out.
    init?(reading field: Field) {
        guard let fields = field.list("a list of alerts") else { return nil }
        self = fields.compactMap(AlertOverride.init(reading:))
    }

    /// Warns of patterns that fit none of `benchmarks`; `field` is what the overrides were read from.
    func warnOfMismatches(_ benchmarks: [String], _ field: Field?) {
        guard let field, case .list(let nodes) = field.node.content, nodes.count == count else { return }
        for (override, node) in zip(self, nodes) where !benchmarks.contains(where: override.benchmark.matches) {
            field.log.warn(
                ValueProblem(found: "an alert for no benchmark", expected: "a name or a pattern that fits one"),
                at: node.position,
                .key("benchmark", of: node.path)
            )
        }
    }
}

extension AlertOverride {
    fileprivate init?(reading field: Field) {
        let keys = ["name", "benchmark", "for", "keep_firing_for", "severity", "enabled"]
        guard let section = Section(field, keys: keys) else { return nil }
        let name = section.required("name", "the name of an alert")?.choice(of: AlertName.self)
        let benchmark = section.setting("benchmark", default: NamePattern.any) {
            $0.label("the name of a benchmark, or a pattern with * and ?").map { NamePattern($0) }
        }
        if let name, !name.isOfBenchmark, let benchmark, benchmark != .any {
            section.report(
                found: "a benchmark for \(name.rawValue), which is of the exporter as a whole",
                expected: "no such key",
                at: "benchmark"
            )
        }
        let hold = section["for"]?.duration(allowsZero: true)
        let keepFiring = section["keep_firing_for"]?.duration(allowsZero: true)
        let severity = section["severity"]?.choice(of: AlertSeverity.self)
        let isEnabled = section["enabled"]?.boolean()
        guard let name, let benchmark else { return nil }
        self.init(
            name: name,
            benchmark: benchmark,
            hold: hold,
            keepFiring: keepFiring,
            severity: severity,
            isEnabled: isEnabled
        )
    }
}

extension AlertmanagerDefinition {
    init?(reading field: Field) {
        guard let section = Section(field, keys: ["urls", "resend_interval"]) else { return nil }
        let standard = Self()
        let servers = section.setting("urls", default: standard.servers) { field in
            field.list("a list of URLs")?.compactMap { $0.parsed(Self.expected, Self.server) }
        }
        let resendInterval = section.setting("resend_interval", default: standard.resendInterval) { $0.duration() }
        guard let servers, let resendInterval else { return nil }
        self.init(servers: servers, resendInterval: resendInterval)
    }

    private static let expected = "http://[USER:PASSWORD@]HOST[:PORT][/PATH], or the same with https://"

    /// A server whose credentials stand in its URL, as those of other exporters do: there is no place for headers here.
    private static func server(parsing text: String) throws(ValueProblem) -> HTTPTarget {
        let url = try URLText(parsing: text, schemes: ["http", "https"], expected: expected)
        var server = HTTPTarget(baseURL: HTTPBaseURL(url))
        guard url.user != nil || url.password != nil else { return server }
        guard let user = url.user, let password = url.password, !user.isEmpty, !user.contains(":") else {
            throw ValueProblem(found: "a URL with a user or a password that are no pair", expected: expected)
        }
        let credentials = Data("\(user):\(password)".utf8).base64EncodedString()
        server.headers = [HeaderDefinition(name: "Authorization", value: Secret("Basic \(credentials)"))]
        return server
    }
}
