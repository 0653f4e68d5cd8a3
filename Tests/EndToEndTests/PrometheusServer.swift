import ExporterTestSupport
import Foundation

/// A real Prometheus with its data in a folder of its own.
struct PrometheusServer {
    let process: ChildProcess
    let port: Int
    private let directory: TemporaryDirectory

    /// Starts a server that scrapes 127.0.0.1:`target` and evaluates `rules`, the text of a rule file, each second, and returns
    /// when it is ready.
    static func start(scraping target: Int, rules: String = "groups: []") async throws -> PrometheusServer {
        try await start(
            """
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: [rules.yml]
            scrape_configs: [{ job_name: exporter, static_configs: [{ targets: ["127.0.0.1:\(target)"] }] }]
            """,
            rules: rules
        )
    }

    /// Starts a server with `configuration`, which may name the rule file rules.yml, and returns when it is ready.
    static func start(_ configuration: String, rules: String = "groups: []") async throws -> PrometheusServer {
        let directory = try TemporaryDirectory()
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("prometheus.yml")))
        try Data(rules.utf8).write(to: URL(fileURLWithPath: directory.file("rules.yml")))
        let port = try FreePort.find()
        let process = try ChildProcess(
            "prometheus",
            debianPackage: "prometheus",
            arguments: [
                "--config.file", directory.file("prometheus.yml"), "--storage.tsdb.path", directory.file("data"),
                "--web.listen-address", "127.0.0.1:\(port)",
            ]
        )
        try await process.waitForLine(containing: "Server is ready to receive web requests")
        return PrometheusServer(process: process, port: port, directory: directory)
    }

    /// The value of a query that has one sample; `nil` when it has none.
    func query(_ expression: String) async throws -> Double? {
        try await samples(of: expression).first
    }

    /// The values of all samples of a query; throws what Prometheus says of a query that it refuses.
    func samples(of expression: String) async throws -> [Double] {
        var components = URLComponents()
        components.path = "/api/v1/query"
        components.queryItems = [URLQueryItem(name: "query", value: expression)]
        let path =
            components.percentEncodedPath + "?" + (components.percentEncodedQuery ?? "").replacing("+", with: "%2B")
        let text = try await LoopbackHTTP.request("GET", path, port: port).text
        let answer = try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
        guard let data = answer.data else { throw Refusal(description: answer.error ?? text) }
        return data.result.compactMap { Double($0.value.text) }
    }

    private struct Refusal: Error, CustomStringConvertible {
        var description: String
    }

    private struct Answer: Decodable {
        struct Body: Decodable {
            var result: [Sample]
        }
        struct Sample: Decodable {
            var value: TimedValue
        }

        var data: Body?
        var error: String?
    }

    /// A list of a time and a text.
    private struct TimedValue: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            _ = try list.decode(Double.self)
            text = try list.decode(String.self)
        }
    }
}
