import ExporterConfiguration
import ExporterTestSupport
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Probing
import Testing

@testable import AIBenchmarkExporter

@Suite("the security of the exporter's own server", .timeLimit(.minutes(2))) struct WebSecurityTests {
    private static let configuration = """
        store: { url: none }
        targets: { assistant: { http: { base_url: "http://127.0.0.1:9" } } }
        benchmarks: [{ name: health_check, target: assistant, probe: { http: { path: / } } }]

        """
    /// Of the password `open sesame`.
    private static let hash = "$2b$04$TOr/AlGbYMFQ1uGQl8c8Z.7zPzLs4vr.OUSCQaA0hoGooHLJJdb0q"
    private static let throughProxy: HTTPHeaders = ["X-Forwarded-For": "198.51.100.1"]

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// The status of a scrape over TLS; `nil` where there is no answer.
    private static func scrape(port: Int, trusting authority: String, password: String? = nil) async throws -> Int? {
        let transport = HTTPTransport(
            target: HTTPTarget(
                baseURL: HTTPBaseURL(isSecure: true, host: "localhost", port: port, pathPrefix: ""),
                tls: TLSDefinition(certificateAuthorityFile: authority)
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            resolver: NameResolver()
        )
        var headers: HTTPHeaders = [:]
        if let password {
            headers.add(name: "Authorization", value: "Basic \(Data("alice:\(password)".utf8).base64EncodedString())")
        }
        let answer = try await transport.exchange(
            HTTPRequest(method: "GET", target: "/metrics", headers: headers),
            connection: .cold,
            deadline: .now() + .seconds(30)
        )
        switch answer {
        case .success(let answer): return answer.status
        case .failure: return nil
        }
    }

    @Test("baselines of a running exporter change through its API alone, and only for an admin")
    func baseline() async throws {
        let directory = try TemporaryDirectory()
        let made = try await ExporterProcess.run(["token", "--name", "ci", "--role", "admin"], in: directory)
        let token = try #require(made.output.firstMatch(of: /aibench_[0-9a-f]{64}/)).output
        let lines = try #require(made.output.firstMatch(of: /api:\n    tokens:\n      - .*/)).output
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration + lines + "\n",
            in: directory
        )
        let url = "http://127.0.0.1:\(exporter.port)"
        let path = "/ai/performance/benchmarks/baseline"
        try Self.write(String(token), to: directory.file("admin.token"))
        let reset = ["baseline", "reset", "--via", url]
        let stranger = try await ExporterProcess.run(reset + ["--all"], in: directory)
        #expect(stranger.status == 1)
        #expect(stranger.output.contains("answered 401"), "\(stranger.output)")
        let admin = reset + ["--token.file", "admin.token"]
        let all = try await ExporterProcess.run(admin + ["--all"], in: directory)
        #expect(all.status == 0, "\(all.output)")
        let undurable = "not stored, so that a restart may forget it"
        #expect(
            all.output == "baseline reset: \(undurable)\nhealth_check get of assistant: the baseline is learnt anew"
        )
        let accept = ["baseline", "accept", "health_check", "--via", url, "--token.file", "admin.token"]
        let accepted = try await ExporterProcess.run(accept, in: directory)
        #expect(accepted.status == 0)
        let unchanged = "health_check get of assistant: was still learning, 0 %; unchanged"
        #expect(accepted.output == "baseline accept: \(undurable)\n\(unchanged)")
        let unknown = try await ExporterProcess.run(admin + ["nonsense"], in: directory)
        #expect(unknown.status == 1)
        #expect(unknown.output.contains("expected some of health_check"), "\(unknown.output)")
        let headers: HTTPHeaders = ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
        for (body, status) in [(#"{"action": "bless"}"#, 422), ("[1", 400)] {
            let answer = try await LoopbackHTTP.request("POST", path, port: exporter.port, headers: headers, body: body)
            #expect(answer.status == status)
            #expect(answer.headers.first(name: "Content-Type") == "application/problem+json")
        }
        #expect(await exporter.stop() == 0)
    }

    @Test("'token' prints what opens the management routes, and the log says who used it")
    func token() async throws {
        let directory = try TemporaryDirectory()
        let made = try await ExporterProcess.run(["token", "--name", "ci", "--role", "admin"], in: directory)
        #expect(made.status == 0)
        let token = try #require(made.output.firstMatch(of: /aibench_[0-9a-f]{64}/)).output
        let lines = try #require(made.output.firstMatch(of: /api:\n    tokens:\n      - .*/)).output
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration + lines + "\n",
            in: directory
        )
        let refused = try await exporter.request("POST", "/-/reload", headers: Self.throughProxy)
        #expect(refused.status == 401)
        #expect(refused.headers["content-type"] == ["application/problem+json"])
        var headers = Self.throughProxy
        headers.add(name: "Authorization", value: "Bearer \(token)")
        #expect(try await exporter.request("POST", "/-/reload", headers: headers).text == "reloaded\n")
        let line = try await exporter.process.waitForLine(containing: "token=ci")
        #expect(line.contains("msg=\"management call\""))
        #expect(line.contains("action=\"POST /-/reload\""))
        #expect(line.contains("status=200"))
        #expect(!(try await exporter.request("GET", "/config").text.contains(lines.suffix(20))))
        try Self.write(Self.configuration, to: directory.file("ai-benchmark-exporter.yml"))
        #expect(try await exporter.request("POST", "/-/reload", headers: headers).status == 200)
        #expect(try await exporter.request("POST", "/-/reload", headers: headers).status == 403)
        #expect(!exporter.process.lines.contains { $0.contains(token) })
        #expect(await exporter.stop() == 0)
    }

    @Test("a certificate that is replaced is taken up, one that does not do is not, and no scrape is lost")
    func rotation() async throws {
        let directory = try TemporaryDirectory()
        let first = try await TestCertificates()
        let second = try await TestCertificates()
        func install(_ identity: (certificate: String, key: String)) throws {
            for (source, name) in [(identity.certificate, "server.pem"), (identity.key, "server.key")] {
                try Self.write(try String(contentsOfFile: source, encoding: .utf8), to: directory.file(name))
            }
        }
        try install(try await first.issue("server", for: ["DNS:localhost"]))
        try Self.write(
            """
            tls_server_config: { cert_file: server.pem, key_file: server.key }
            basic_auth_users: { alice: \(Self.hash) }
            """,
            to: directory.file("web.yml")
        )
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration,
            in: directory,
            arguments: ["--web.config.file", directory.file("web.yml")]
        )
        let port = exporter.port
        #expect(try await Self.scrape(port: port, trusting: first.authority, password: "open sesame") == 200)
        #expect(try await Self.scrape(port: port, trusting: first.authority, password: "guess") == 401)
        #expect(try await Self.scrape(port: port, trusting: first.authority) == 401)

        try install(try await second.issue("server", for: ["DNS:localhost"]))
        try await exporter.process.waitForLine(containing: "web configuration taken up")
        #expect(try await Self.scrape(port: port, trusting: second.authority, password: "open sesame") == 200)
        #expect(try await Self.scrape(port: port, trusting: first.authority, password: "open sesame") == nil)

        try Self.write("not a certificate", to: directory.file("server.pem"))
        let line = try await exporter.process.waitForLine(containing: "web configuration not taken up")
        #expect(line.contains("read certificates of \(directory.file("server.pem")): "))
        #expect(try await Self.scrape(port: port, trusting: second.authority, password: "open sesame") == 200)
        #expect(await exporter.stop() == 0)
        #expect(exporter.process.lines.filter { $0.contains("not taken up") }.count == 1)
    }

    @Test(
        "a web configuration that does not do ends the start with 2 and says where",
        arguments: [
            ("tls_config: {}", "web.yml:1:1: tls_config: found an unknown key, expected one of tls_server_config,"),
            ("rate_limit: { interval: 1, burst: 2 }", "web.yml:1:25: rate_limit.interval: found \"1\" without a unit,"),
            (
                "tls_server_config: { cert_file: none.pem, key_file: none.key }",
                "ai-benchmark-exporter: read PEM file none.pem: no such file"
            ),
            ("tls_server_config: { cert: a, key: b }", "web.yml: read certificates of tls_server_config.cert: "),
        ]
    )
    func badFile(text: String, message: String) async throws {
        let directory = try TemporaryDirectory()
        try Self.write(Self.configuration, to: directory.file("ai-benchmark-exporter.yml"))
        try Self.write(text, to: directory.file("web.yml"))
        for arguments in [["--web.config.file", "web.yml"], ["--web.config.file", "web.yml", "--config.check"]] {
            let result = try await ExporterProcess.run(["serve"] + arguments, in: directory)
            #expect(result.status == 2)
            #expect(result.output.hasPrefix(message), "\(result.output)")
        }
    }

    @Test("a change counts once it has been seen twice in a row, and only once")
    func settledChange() {
        var changes = SettledChange("a")
        let looks = ["a", "b", "a", "b", "c", "c", "c", "d", "c", "a", "a"]
        #expect(looks.map { changes.look($0) } == [nil, nil, nil, nil, nil, "c", nil, nil, nil, nil, "a"])
    }
}
