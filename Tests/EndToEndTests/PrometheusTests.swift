import BenchmarkModel
import ExporterTestSupport
import Foundation
import Recording
import Testing

/// A real Prometheus scrapes the exporter each second and is the judge.
@Suite("prometheus", .serialized, .timeLimit(.minutes(5))) struct PrometheusTests {
    @Test(
        "over twenty kills Prometheus sees no reset, and counts what the service saw",
        arguments: ["sqlite", "redis"]
    )
    func resets(store: String) async throws {
        let redis = store == "redis" ? try await RedisServer.start() : nil
        let service = try await ScriptedService.start(.always("ok"))
        let directory = try TemporaryDirectory()
        let port = try FreePort.find()
        let prometheus = try await PrometheusServer.start(scraping: port)
        for cycle in 1...10 {
            let exporter = try await ExporterProcess.start(
                configuration: ServingTests.configuration(port: service.port, timeout: "50ms", interval: "60ms"),
                in: directory,
                port: port,
                arguments: ["--store.url", redis?.url ?? "sqlite:state.db", "--log.level", "debug"]
            )
            try await exporter.process.waitForLines(containing: "handler=metrics", count: cycle == 10 ? 4 : 1)
            let seen = service.record.requests.count
            let more = Int.random(in: 0...10)
            await service.wait { $0.requests.count >= seen + more }
            await exporter.process.kill()
        }
        for name in Self.cumulativeNames {
            #expect(try await prometheus.query("sum(resets(\(name)[1h])) or vector(0)") == 0, "\(name)")
        }
        let counted = try await prometheus.query("sum(last_over_time(ai_benchmark_iterations_total[1h]))")
        #expect(try #require(counted) > 0)
        #expect(try #require(counted) <= Double(service.record.requests.count))
    }

    /// The names of everything of a benchmark that must never go back.
    private static var cumulativeNames: [String] {
        MetricCatalog.all.filter { $0.labels.contains("benchmark") }.flatMap { descriptor -> [String] in
            switch descriptor.type {
            case .counter: [descriptor.name]
            case .histogram: ["_bucket", "_count", "_sum"].map { descriptor.name + $0 }
            case .gauge: []
            }
        }
    }
}

/// A real Prometheus with its data in a folder of its own.
private struct PrometheusServer {
    let process: ChildProcess
    let port: Int
    private let directory: TemporaryDirectory

    /// Starts a server that scrapes 127.0.0.1:`target` each second, and returns when it is ready.
    static func start(scraping target: Int) async throws -> PrometheusServer {
        let directory = try TemporaryDirectory()
        let configuration = """
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs: [{ job_name: exporter, static_configs: [{ targets: ["127.0.0.1:\(target)"] }] }]
            """
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("prometheus.yml")))
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
        struct Answer: Decodable {
            struct Result: Decodable {
                var value: [Value]
            }
            struct Body: Decodable {
                var result: [Result]
            }
            enum Value: Decodable {
                case time(Double)
                case sample(String)

                init(from decoder: any Decoder) throws {
                    let container = try decoder.singleValueContainer()
                    if let time = try? container.decode(Double.self) {
                        self = .time(time)
                    } else {
                        self = .sample(try container.decode(String.self))
                    }
                }
            }
            var data: Body
        }
        var components = URLComponents()
        components.path = "/api/v1/query"
        components.queryItems = [URLQueryItem(name: "query", value: expression)]
        let path =
            components.percentEncodedPath + "?" + (components.percentEncodedQuery ?? "").replacing("+", with: "%2B")
        let text = try await LoopbackHTTP.request("GET", path, port: port).text
        let answer = try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
        guard case .sample(let value) = answer.data.result.first?.value.last else { return nil }
        return Double(value)
    }
}
