import ExporterTestSupport
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@Suite("the status page of a running exporter", .timeLimit(.minutes(2))) struct StatusPageTests {
    private static let markup = #"<img src=x onerror="alert(1)">"#
    private static let escaped = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"

    private static func configuration(
        port: Int,
        names: [String],
        target: String = "service",
        interval: String
    ) throws -> String {
        let benchmarks = try names.map { name in
            """
              - { name: \(try json(name)), category: health_check, target: \(try json(target)), interval: \(interval), \
            start_jitter: 0s, timeout: 900ms, iterations: 2, warmup_iterations: 0, operation: \(try json("get \(name)")), \
            probe: { http: { path: /health } } }
            """
        }
        return """
            store: { url: "sqlite:state.db" }
            targets: { \(try json(target)): { http: { base_url: "http://127.0.0.1:\(port)" } } }
            benchmarks:
            \(benchmarks.joined(separator: "\n"))

            """
    }

    /// JSON is YAML.
    private static func json(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }

    @Test("comes with all that it loads, and a benchmark has its page whatever its name is")
    func pages() async throws {
        let directory = try TemporaryDirectory()
        let names = ["plain", "a b", "größer/kleiner", "100%", Self.markup]
        let exporter = try await ExporterProcess.start(
            configuration: try Self.configuration(port: 1, names: names, interval: "1h"),
            in: directory
        )
        let overview = try await exporter.request("GET", "/")
        let policy = try #require(overview.headers["content-security-policy"].first)
        #expect(policy.hasPrefix("default-src 'none';"))
        let assets = Set(overview.text.matches(of: /"(\/assets\/[^"]+)"/).map { String($0.1) })
        #expect(assets.count == 3)
        for path in assets {
            let asset = try await exporter.request("GET", path)
            #expect(asset.status == 200)
            #expect(asset.headers["cache-control"] == ["public, max-age=31536000, immutable"])
        }
        let pages = overview.text.matches(of: /<h2><a href="([^"]+)"/).map { String($0.1) }
        #expect(pages.count == names.count)
        for (path, name) in zip(pages, names) {
            let page = try await exporter.request("GET", path)
            #expect(page.status == 200)
            #expect(
                page.text.replacing("<wbr>", with: "").contains("<h1>\(name == Self.markup ? Self.escaped : name)</h1>")
            )
        }
        #expect(try await exporter.request("GET", "/benchmarks/none").status == 404)
        #expect(overview.text.contains("make a token with <code>ai-benchmark-exporter token</code>"))
        #expect(await exporter.stop() == 0)
    }

    @Test("shows markup of names, of targets and of a service's answers as text")
    func markup() async throws {
        let service = try await ScriptedService.start(.always(Self.markup, status: "500 Internal Server Error"))
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            configuration: try Self.configuration(
                port: service.port,
                names: [Self.markup],
                target: "target\(Self.markup)",
                interval: "1h"
            ),
            in: directory
        )
        try await exporter.process.waitForLine(containing: "grade changed")
        let overview = try await exporter.request("GET", "/").text
        let path = try #require(overview.firstMatch(of: /<h2><a href="([^"]+)"/)).1
        for page in [overview, try await exporter.request("GET", String(path)).text] {
            #expect(page.contains("get \(Self.escaped) · target\(Self.escaped)"))
            #expect(page.contains("with the body &#39;\(Self.escaped)&#39;"))
            #expect(!page.contains("<img src=x"))
        }
        #expect(await exporter.stop() == 0)
    }

    @Test("plots and lists after a restart what was before it")
    func restart() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let directory = try TemporaryDirectory()
        let first = try await ExporterProcess.start(
            configuration: try Self.configuration(port: service.port, names: ["a"], interval: "1s"),
            in: directory
        )
        await service.wait { $0.requests.count >= 8 }
        #expect(await first.stop() == 0)
        let second = try await ExporterProcess.start(
            configuration: try Self.configuration(port: 1, names: ["a"], interval: "1h"),
            in: directory,
            arguments: ["--log.level", "debug"]
        )
        try await second.process.waitForLine(containing: "history is read")
        let page = try await second.request("GET", "/benchmarks/a").text
        let runs = try #require(page.firstMatch(of: /The last 6 h: (\d+) runs/)).1
        #expect((Int(runs) ?? 0) >= 3)
        #expect(page.contains("<path class=\"heat"))
        #expect(page.matches(of: /<tr><td>/).count >= 3)
        #expect(await second.stop() == 0)
    }

    @Test("is there for whoever the web configuration lets in, and a token does without a password")
    func users() async throws {
        let directory = try TemporaryDirectory()
        let made = try await ExporterProcess.run(["token", "--name", "ci", "--role", "admin"], in: directory)
        let token = try #require(made.output.firstMatch(of: /aibench_[0-9a-f]{64}/)).output
        let lines = try #require(made.output.firstMatch(of: /api:\n    tokens:\n      - .*/)).output
        let users = "basic_auth_users: { alice: \"$2b$04$TOr/AlGbYMFQ1uGQl8c8Z.7zPzLs4vr.OUSCQaA0hoGooHLJJdb0q\" }\n"
        try Data(users.utf8).write(to: URL(fileURLWithPath: directory.file("web.yml")))
        let exporter = try await ExporterProcess.start(
            configuration: try Self.configuration(port: 1, names: ["a"], interval: "1h") + lines + "\n",
            in: directory,
            arguments: ["--web.config.file", "web.yml"]
        )
        let login: HTTPHeaders = ["Authorization": "Basic \(Data("alice:open sesame".utf8).base64EncodedString())"]
        let page = try await exporter.request("GET", "/", headers: login)
        #expect(page.status == 200)
        #expect(page.text.contains("<body data-management=\"/ai/performance\">"))
        let script = try #require(page.text.firstMatch(of: /src="(\/assets\/page[^"]+)"/)).1
        for path in ["/", "/benchmarks/a", String(script)] {
            #expect(try await exporter.request("GET", path).status == 401)
            #expect(try await exporter.request("GET", path, headers: login).status == 200)
        }
        let status = "/ai/performance/benchmarks/status"
        #expect(try await exporter.request("GET", status, headers: ["Authorization": "Bearer \(token)"]).status == 200)
        #expect(try await exporter.request("GET", status, headers: login).status == 401)
        #expect(await exporter.stop() == 0)
    }
}
