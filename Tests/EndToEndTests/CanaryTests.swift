import ExporterTestSupport
import Foundation
import NIOHTTP1
import Testing

@testable import AIBenchmarkExporter

/// Every place of a configuration that may hold a secret holds a canary, every service answers with what it was asked, and
/// nothing that the exporter says, serves or stores may hold a piece of one.
@Suite("secrets", .timeLimit(.minutes(2))) struct CanaryTests {
    /// What all canaries have in them; no two begin alike, or one that is known to be a secret would hide the other.
    private static let stem = "zq9canary"

    private static func canary(_ place: String) -> String { "\(place)7f3a91-\(stem)" }

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try Data("\(Self.canary("file"))\n".utf8).write(to: URL(fileURLWithPath: directory.file("secret.txt")))
    }

    /// Of the substitutions.
    private var environment: [String: String] { ["CANARY": Self.canary("variable")] }

    private static func configuration(http: Int, parsed: Int, redis: Int, tcp: Int) -> String {
        """
        instance: canary
        defaults: { interval: 1h, start_jitter: 0s, iterations: 1, warmup_iterations: 0, timeout: 5s }
        targets:
          web:
            http:
              base_url: "http://127.0.0.1:\(http)"
              headers:
                Authorization: "Bearer ${CANARY}"
                X-File: "${file:secret.txt}"
                X-Default: "${UNSET:-\(canary("default"))}"
                Cookie: "session=\(canary("cookie"))"
          form: { http: { base_url: "http://127.0.0.1:\(parsed)" } }
          cache: { redis: { url: "redis://user:\(canary("redis"))@127.0.0.1:\(redis)/0" } }
          line: { tcp: { address: "127.0.0.1:\(tcp)" } }
          shell: { command: { environment: { TOKEN: \(canary("environment")) } } }
        benchmarks:
          - name: text
            category: health_check
            target: web
            probe:
              http:
                method: POST
                path: "/?key=\(canary("query"))"
                headers: { X-Probe: \(canary("header")) }
                body: "user=me&password=\(canary("form"))"
                expect: { body_matches: "^nothing$" }
          - name: json
            category: health_check
            target: web
            probe:
              http:
                method: POST
                path: /
                body: '{"login": {"password": "\(canary("json"))"}, "more": ["${CANARY}", "${file:secret.txt}"]}'
                expect: { headers: { x-echo: nothing } }
          - name: form
            category: health_check
            target: form
            probe:
              http:
                method: POST
                path: "/?key=\(canary("parameter"))%2Fend"
                headers: { Authorization: "Basic \(basic)", Cookie: "lang=en; sid=\(canary("session"))" }
                body: "user=me&password=\(canary("parsed"))"
                expect: { body_matches: "^nothing$" }
          - name: model
            category: model_response
            target: web
            probe: { chat_completion: { model: m, prompt: Hi, headers: { X-Api-Key: \(canary("model")) } } }
          - name: cache
            category: cached_response
            target: cache
            probe:
              redis: { prepare: [[SET, a, \(canary("prepare"))]], command: [GET, \(canary("word"))], cleanup: [[DEL, a]] }
          - name: line
            category: health_check
            target: line
            probe: { tcp: { send: "AUTH \(canary("send"))\\r\\n", expect: { matches: "^nothing$" } } }
          - name: shell
            category: health_check
            target: shell
            probe:
              command:
                run: "cat; echo $TOKEN; : \(canary("script")); echo $TOKEN >&2; cat /proc/$$/cmdline >&2; exit 3"
                shell: true
                stdin: \(canary("stdin"))
          - name: words
            category: health_check
            target: shell
            probe: { command: { run: [sh, -c, 'echo "$0" >&2; exit 1', \(canary("argument"))] } }
          - name: sequence
            category: conversation_storage
            target: web
            probe:
              steps:
                - name: login
                  http: { method: POST, path: /, body: '{"token": "\(canary("captured"))"}' }
                  capture: { token: { matches: '"token": "([^"]+)"' } }
                - name: use
                  http:
                    path: "/{{token}}"
                    headers: { X-Session: "{{token}}" }
                    expect: { body_matches: "^nothing$" }
        api:
          tokens: [{ name: ci, role: admin, sha256: \(hash) }, { name: real, role: admin, sha256: \(token.sha256) }]
        """
    }

    private static let basic = Data("me:\(canary("basic"))".utf8).base64EncodedString()
    private static let hash = String(repeating: "c0ffee42", count: 8)
    /// One that opens the management API.
    private static let token = (
        text: "aibench_" + String(repeating: "5eed", count: 16),
        sha256: "07bd6b0d70398aa69a80cb818527754ecef778b4de57998a8a55c1d6f469d523"
    )
    /// Of the password `open sesame`.
    private static let password = "$2b$04$TOr/AlGbYMFQ1uGQl8c8Z.7zPzLs4vr.OUSCQaA0hoGooHLJJdb0q"

    private func expectNone(in text: String, of place: String) {
        for secret in [Self.stem, Self.hash, Self.token.text, Self.token.sha256, Self.password, "open sesame"] {
            #expect(!text.contains(secret), "\(place): \(Self.lines(of: text, with: secret))")
        }
    }

    private static func lines(of text: String, with secret: String) -> String {
        text.split(separator: "\n").filter { $0.contains(secret) }.map { $0.prefix(600) }.joined(separator: "\n")
    }

    @Test("appear in nothing that is logged, served, printed or stored", arguments: ["sqlite", "redis"])
    func everywhere(store: String) async throws {
        let http = try await EchoService.start(.http)
        let form = try await EchoService.start(.parsed)
        let line = try await EchoService.start(.plain)
        let cache = try await EchoService.start(.redis)
        let key = Self.canary("store")
        let redis = try await RedisServer.start(arguments: ["--requirepass", key, "--rdbcompression", "no"])
        let url = store == "sqlite" ? "sqlite:state.db" : "redis://:\(key)@127.0.0.1:\(redis.port)/0"
        let configuration =
            Self.configuration(http: http.port, parsed: form.port, redis: cache.port, tcp: line.port)
            + "\nstore: { url: \"\(url)\" }\n"
        let web =
            "basic_auth_users: { alice: \(Self.password) }\n"
            + "http_server_config: { headers: { Strict-Transport-Security: \"max-age=1\" } }\n"
        try Data(web.utf8).write(to: URL(fileURLWithPath: directory.file("web.yml")))
        let exporter = try await ExporterProcess.start(
            configuration: configuration,
            in: directory,
            arguments: ["--log.level", "trace", "--web.config.file", "web.yml"],
            environment: environment
        )
        try await exporter.process.waitForLines(containing: "msg=\"grade changed\"", count: 9)

        // What is asked with a secret is answered without.
        let login = HTTPHeaders([("Authorization", "Basic \(Data("alice:open sesame".utf8).base64EncodedString())")])
        let guess = HTTPHeaders([("Authorization", "Bearer \(Self.canary("token"))")])
        for (headers, path) in [
            (login, "/metrics"), (login, "/"), (login, "/config"), (login, "/-/healthy"), (login, "/nothing"),
            (guess, "/metrics"), (guess, "/ai/performance/benchmarks"), ([:], "/\(Self.canary("path"))"),
        ] {
            let answer = try await exporter.request("GET", path, headers: headers)
            expectNone(in: answer.text + answer.headers.map { "\($0): \($1)" }.joined(), of: path)
        }
        let reload = try await exporter.request("POST", "/-/reload?\(Self.canary("query"))", headers: guess)
        #expect(reload.status == 401)
        expectNone(in: reload.text, of: "/-/reload")

        try await expectNoneInManagement(of: exporter)

        for file in ["cmdline", "comm", "stat"] {
            let bytes = try Data(
                contentsOf: URL(fileURLWithPath: "/proc/\(exporter.process.processIdentifier)/\(file)")
            )
            expectNone(in: String(decoding: bytes, as: UTF8.self), of: file)
        }
        #expect(await exporter.stop() == 0)
        expectNone(in: exporter.process.lines.joined(separator: "\n"), of: "the log")

        if store == "redis" { try await redis.command("-a", key, "SAVE") }
        try expectNoneInFiles(of: store == "redis" ? redis.dataDirectory : directory, store: store)

        for command in ["check", "rules"] {
            let result = try await ExporterProcess.run([command], in: directory, environment: environment)
            #expect(result.status == 0)
            expectNone(in: result.output, of: command)
        }
    }

    /// Asks for everything that a token opens, has everything run, and asks for what cannot be.
    private func expectNoneInManagement(of exporter: ExporterProcess) async throws {
        let fields = HTTPHeaders([("Authorization", "Bearer \(Self.token.text)")])
        let managed = ManagedExporter(exporter: exporter, admin: fields, otherAdmin: fields, reader: fields)
        let events = try await EndlessAnswer.read(
            "\(ManagedExporter.base)/events",
            port: exporter.port,
            headers: fields,
            upTo: "\"state\":\"completed\""
        ) {
            let run = try await managed.call("POST", "run?wait=true", #"{"record": true}"#)
            #expect(run.status == 200)
            #expect(try run.json["results"].elements.count == 9)
            expectNone(in: run.text, of: "run")
        }
        expectNone(in: events, of: "events")
        for body in [
            #"{"\#(Self.canary("key"))": 1}"#, #"{"benchmarks": ["\#(Self.canary("name"))"]}"#,
            #"{"iterations": "\#(Self.canary("value"))"}"#,
        ] {
            // Whoever sent it may read what he sent; nobody else does, in the audit trail or the log.
            #expect(try await managed.call("POST", "run", body).status == 422)
        }
        #expect(try await managed.call("GET", "runs/\(Self.canary("id"))").status == 404)

        guard case .object(let paths) = try await managed.read("/ai/performance/openapi.json")["paths"] else {
            Issue.record("the document has no paths")
            return
        }
        let run = try #require(events.firstMatch(of: /"id":"([0-9a-f]+)"/)?.1)
        let result = try #require(try await managed.read("results?limit=1")["results"].elements.first?["id"].text)
        var asked = 0
        for (path, operations) in paths where operations["get"] != .null && !path.hasSuffix("/events") {
            var target = path.replacing("{id}", with: path.contains("/results/") ? result : String(run))
            if path == "/probe" { target += "?benchmark=text" }
            if path == "/ai/performance/audit" { target += "?limit=1000" }
            let answer = try await managed.call("GET", target)
            #expect(answer.status == 200, "\(target)")
            expectNone(in: answer.text, of: target)
            asked += 1
        }
        #expect(asked >= 10)
    }

    private func expectNoneInFiles(of directory: TemporaryDirectory, store: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let written = names.filter { !["ai-benchmark-exporter.yml", "web.yml", "secret.txt"].contains($0) }
        #expect(!written.isEmpty)
        var sawFailure = false
        for name in written {
            let text = String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: directory.file(name))),
                as: UTF8.self
            )
            expectNone(in: text, of: name)
            if text.contains("<redacted>") { sawFailure = true }
        }
        #expect(sawFailure, "the details of failures are stored, and quote what services answered")
    }

    @Test(
        "do not appear in what is said of a configuration that does not do",
        arguments: [
            "targets: { a: { http: { base_url: \"http://user:CANARY@a/\" } } }",
            "targets: { a: { http: { base_url: \"http://a:b:c/CANARY\" } } }",
            "targets: { a: { http: { base_url: \"http://a\", headers: { Authorization: \"CANARY\\n\" } } } }",
            "targets: { a: { http: { base_url: \"http://a\", headers: { \"A B\": CANARY } } } }",
            "targets: { a: { http: { base_url: \"http://a\", headers: [CANARY] } } }",
            "targets: { a: { redis: { url: \"redis://:CANARY@a:b/0\" } } }",
            "targets: { a: { redis: { url: \"redis://:CANARY@a:1/x\" } } }",
            "targets: { a: { redis: { url: \"http://:CANARY@a:1/x\" } } }",
            "targets: { a: { command: { environment: { \"A=B\": CANARY } } } }",
            "targets: { a: { command: { environment: [CANARY] } } }",
            "targets: { a: { command: { environment: { A: [CANARY] } } } }",
            "alertmanager: { urls: [\"http://user:CANARY@a:9093\"] }",
            "alertmanager: { urls: [\"ftp://user:CANARY@a:9093\"] }",
            "store: { url: \"mysql://user:CANARY@a/b\" }",
            "store: { url: \"redis://user:CANARY@a:b/0\" }",
            "api: { tokens: [{ name: a, role: admin, sha256: CANARY }] }",
            "api: { tokens: [{ name: a, role: admin, token: CANARY }] }",
            "benchmarks: [{ name: health_check, target: a, probe: { http: { path: \"CANARY\", body: [CANARY] } } }]",
            "benchmarks: [{ name: health_check, target: a, probe: { command: { run: [a], stdin: [CANARY] } } }]",
        ]
    )
    func problems(text: String) async throws {
        let text = text.replacing("CANARY", with: Self.canary("problem"))
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let result = try await ExporterProcess.run(["check"], in: directory)
        #expect(result.status == 2)
        expectNone(in: result.output, of: "check")
    }
}
