import ExporterTestSupport
import Foundation
import NIOHTTP1
import Testing

@testable import AIBenchmarkExporter

@Suite("the management API", .timeLimit(.minutes(2))) struct ManagementAPITests {
    private static let base = "/ai/performance/benchmarks"

    /// Starts an exporter of one benchmark that is run once an hour, with a token for each role.
    static func start(
        in directory: TemporaryDirectory,
        port: Int
    ) async throws -> (ExporterProcess, admin: HTTPHeaders, reader: HTTPHeaders) {
        func token(_ role: String) async throws -> (token: Substring, hash: Substring) {
            let made = try await ExporterProcess.run(["token", "--name", role, "--role", role], in: directory)
            let text = made.output
            return (
                try #require(text.firstMatch(of: /aibench_[0-9a-f]{64}/)).output,
                try #require(text.matches(of: /[0-9a-f]{64}/).last).output
            )
        }
        let (admin, reader) = (try await token("admin"), try await token("read"))
        let configuration =
            ServingTests.configuration(port: port, iterations: 2, timeout: "900ms", interval: "1h") + """
                api:
                  tokens:
                    - { name: admin, role: admin, sha256: "\(admin.hash)" }
                    - { name: read, role: read, sha256: "\(reader.hash)" }
                  rate_limit: { requests_per_second: 1000, burst: 1000 }

                """
        let exporter = try await ExporterProcess.start(configuration: configuration, in: directory)
        return (
            exporter, ["Authorization": "Bearer \(admin.token)"], ["Authorization": "Bearer \(reader.token)"]
        )
    }

    @Test("a run beside the schedule is not recorded, is in the audit trail, and a stopped schedule outlives a restart")
    func story() async throws {
        let service = try await ScriptedService.start(.always(#"{"status": "ok"}"#))
        let directory = try TemporaryDirectory()
        let (exporter, admin, reader) = try await Self.start(in: directory, port: service.port)
        _ = try await exporter.process.waitForLine(containing: "grade changed")
        let before = try await exporter.scrape().series(of: "ai_benchmark_iterations_total").map(\.value)

        #expect(try await exporter.request("POST", "\(Self.base)/run", headers: reader).status == 403)
        let run = try await exporter.request("POST", "\(Self.base)/run?wait=true", headers: admin)
        #expect(run.status == 200)
        #expect(run.text.contains(#""state":"completed""#))
        #expect(try await exporter.scrape().series(of: "ai_benchmark_iterations_total").map(\.value) == before)
        let location = try #require(run.headers["location"].first)
        #expect(try await exporter.request("GET", location, headers: reader).text == run.text)
        #expect(try await exporter.request("DELETE", location, headers: admin).status == 409)
        #expect(try await exporter.request("GET", "\(Self.base)/runs/..%2Fx", headers: reader).status == 404)

        let status = try await exporter.request("GET", "\(Self.base)/status", headers: reader)
        var again = reader
        again.add(name: "If-None-Match", value: try #require(status.headers["etag"].first))
        #expect(try await exporter.request("GET", "\(Self.base)/status", headers: again).status == 304)
        #expect(try await exporter.request("PUT", "\(Self.base)/status", headers: reader).status == 405)
        #expect(try await exporter.request("GET", "\(Self.base)/results?limti=1", headers: reader).status == 400)

        #expect(try await exporter.request("POST", "\(Self.base)/continuous/stop", headers: admin).status == 200)
        #expect(try await exporter.scrape().series(of: "ai_benchmark_interval_seconds").isEmpty)
        #expect(await exporter.stop() == 0)

        let restarted = try await ExporterProcess.start(
            arguments: ["serve", "--web.listen-address", "127.0.0.1:0"],
            in: directory
        )
        #expect(try await restarted.scrape().series(of: "ai_benchmark_interval_seconds").isEmpty)
        let audit = try await restarted.request("GET", "/ai/performance/audit", headers: admin).text
        #expect(audit.contains(#""parameters":"run="#))
        #expect(audit.contains(#""path":"/ai/performance/benchmarks/status","status":405,"#))
        #expect(audit.contains(#""status":403"#))
        #expect(try await restarted.request("POST", "\(Self.base)/continuous/start", headers: admin).status == 200)
        #expect(try await restarted.scrape().series(of: "ai_benchmark_interval_seconds").map(\.value) == [3600])
        #expect(await restarted.stop() == 0)
    }

    @Test("the OpenAPI document names every path, and nothing that is not there")
    func document() async throws {
        let directory = try TemporaryDirectory()
        let (exporter, admin, _) = try await Self.start(in: directory, port: 1)
        let answer = try await exporter.request("GET", "/ai/performance/openapi.json", headers: admin)
        guard case .object(let document) = try JSONDecoder().decode(JSONValue.self, from: Data(answer.text.utf8)),
            case .object(let paths)? = document["paths"]
        else {
            Issue.record("the document is not an object with paths")
            return
        }
        #expect(paths.count == 17)
        let counters = try await exporter.scrape().series(of: "ai_benchmark_exporter_http_requests_total")
        func count(_ handler: String, _ code: String) -> Double? {
            counters.first { $0.labels == ["handler": handler, "code": code] }?.value
        }
        for handler in ["metrics", "config", "healthy", "ready", "status", "benchmark", "asset", "reload", "none"] {
            #expect(count(handler, "500") == 0)
        }
        for (path, operations) in paths where !path.hasSuffix("/events") {
            guard case .object(let operations) = operations else { continue }
            for case .object(let responses) in operations.values.map({ $0["responses"] }) {
                for code in responses.keys.sorted() + ["500"] {
                    // The document was asked for before.
                    let handler = path == "/probe" ? "probe" : "api"
                    #expect(count(handler, code) == (handler == "api" && code == "200" ? 1 : 0))
                }
            }
            let refused = try await exporter.request("PATCH", path.replacing("{id}", with: "x"), headers: admin)
            #expect(refused.status == 405)
            let allowed = (refused.headers["allow"].first ?? "").split(separator: ", ").filter { $0 != "HEAD" }
            #expect(Set(allowed.map { $0.lowercased() }) == Set(operations.keys))
        }
        #expect(await exporter.stop() == 0)
    }

    @Test("answers have the headers and the types that the OpenAPI document says, and no other of these headers")
    func headers() async throws {
        let service = try await ScriptedService.start([.awaitRequest])
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, timeout: "30s", interval: "1h"),
            in: try TemporaryDirectory(),
            burst: 20
        )
        let document = try await managed.read("/ai/performance/openapi.json")
        var statuses: Set<Int> = []
        @discardableResult
        func call(
            _ method: String,
            _ template: String,
            _ body: String? = nil,
            id: String = "",
            as client: HTTPHeaders? = nil,
            headers: [String: String] = [:]
        ) async throws -> LoopbackHTTP.Answer {
            let path = template.replacing("{id}", with: id)
            let answer = try await managed.call(method, path, body, as: client, headers: headers)
            statuses.insert(answer.status)
            let operation = document["paths"]["\(ManagedExporter.base)/\(template)"][method.lowercased()]
            let documented = operation["responses"]["\(answer.status)"]
            for header in AnswerHeader.allCases {
                let isThere = answer.headers.contains(name: header.rawValue)
                let expected = documented["headers"][header.rawValue]
                #expect(isThere ? expected != .null : expected["required"] != true, "\(method) \(template) \(answer)")
            }
            if answer.status != 304 {
                let type = String(answer.headers["content-type"].first?.prefix { $0 != ";" } ?? "")
                #expect(documented["content"][type] != .null, "\(method) \(template) \(answer)")
            }
            return answer
        }
        try await call("GET", "status", as: [:])
        let tag = try #require(try await call("GET", "regressions").headers["etag"].first)
        try await call("GET", "regressions", headers: ["If-None-Match": tag])
        try await call("POST", "run", as: managed.reader)
        try await call("POST", "run", #"{"iterations": 0}"#)
        for bytes in [64 << 10, 1 << 20] { try await call("POST", "run", String(repeating: " ", count: bytes + 1)) }
        let id = try #require(try await call("POST", "run", "{}").json["id"].text)
        try await call("POST", "run", "{}")
        try await call("GET", "runs/{id}", id: id)
        try await call("GET", "runs/{id}/report", id: id)
        try await call("DELETE", "runs/{id}", id: "none")
        try await call("DELETE", "runs/{id}", id: id)
        try await call("DELETE", "runs/{id}", id: id)
        for _ in 0..<20 { try await call("GET", "status", as: managed.reader) }
        #expect(statuses == [200, 202, 304, 401, 403, 404, 409, 413, 422, 429])
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("every reference of the OpenAPI document leads to a schema")
    func references() {
        let text = String(decoding: JSONAnswer.encodeAsIs(.object(OpenAPISchemas.all)), as: UTF8.self)
        for match in text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/) {
            #expect(OpenAPISchemas.all[String(match.1)] != nil)
        }
    }
}
