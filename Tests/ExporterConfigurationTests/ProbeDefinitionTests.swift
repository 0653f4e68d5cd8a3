import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import ExporterConfiguration

@Suite("What a file says becomes what a probe does")
struct ProbeDefinitionTests {
    private func benchmarks() throws -> [BenchmarkDefinition] {
        let text = try String(contentsOfFile: GoldenFile.fixture("configuration/valid-every-key.yml"), encoding: .utf8)
        let environment = ["SECRET": "s", "N": "7", "INTERVAL": "45s"]
        return try testLoader(environment: environment).load(text, file: "test.yml").configuration.benchmarks
    }

    @Test("a benchmark with every key")
    func everySetting() throws {
        let benchmark = try #require(benchmarks().first)
        #expect(
            benchmark.operations[0].identity
                == BenchmarkIdentity(benchmark: "Straße 你好", operation: "route", target: "assistant")
        )
        #expect(benchmark.category == .agentRouting)
        #expect(benchmark.interval == .seconds(60))
        #expect(benchmark.startJitter == .seconds(1))
        #expect(benchmark.timeout == .seconds(2))
        #expect(benchmark.iterations == 7)
        #expect(benchmark.warmupIterations == 0)
        #expect(benchmark.concurrency == 4)
        #expect(benchmark.overlap == .skip)
        #expect(
            benchmark.operations[0].objective
                == Objective(metric: .duration, statistic: .mean, target: .seconds(1), errorRatio: 1)
        )
    }

    @Test("an HTTP probe and its target")
    func http() throws {
        guard case .http(let probe, let target) = try benchmarks()[0].probe else {
            Issue.record("not an HTTP probe")
            return
        }
        #expect(probe.method == "POST")
        #expect(probe.path == "/route?key=canary-of-the-path")
        #expect(probe.headers.map(\.name) == ["Content-Type", "X-Key"])
        #expect(probe.headers.map(\.value.reveal) == ["application/json", "canary-of-the-probe"])
        #expect(probe.body == #"{"password": "canary-of-the-body", "price": "$5 ${literal}"}"#)
        #expect(probe.connection == .cold)
        #expect(probe.followsRedirects)
        #expect(probe.expect.statuses == [201])
        #expect(probe.expect.headers == ["x-agent": "canary-of-the-answer"])
        #expect(probe.expect.bodyContains == "agent")
        #expect(probe.expect.bodyMatches == "agent-[0-9]+$")
        #expect(
            probe.expect.json.map(\.value) == [.string("billing"), .number(2.5), .bool(true), .null, .string("7")]
        )
        #expect(probe.expect.json[1].path.steps == [.member("a b"), .index(-1)])
        #expect(target.baseURL == HTTPBaseURL(isSecure: true, host: "::1", port: 8443, pathPrefix: "/v1"))
        #expect(target.headers.map(\.value.reveal) == ["Bearer canary-of-the-target", "a s b"])
        #expect(
            target.tls
                == TLSDefinition(
                    certificateAuthorityFile: "/etc/ssl/own.pem",
                    serverName: "assistant.example",
                    clientCertificate: ClientCertificateDefinition(
                        certificateFile: "/etc/ssl/client.pem",
                        keyFile: "/etc/ssl/client.key"
                    )
                )
        )
    }

    @Test("a chat completion")
    func chatCompletion() throws {
        guard case .languageModel(let probe, _) = try benchmarks()[1].probe else {
            Issue.record("not a chat completion")
            return
        }
        #expect(probe.dialect == .chatCompletion)
        #expect(probe.path == "/chat")
        #expect(probe.model == "m")
        #expect(probe.system == "be brief")
        #expect(probe.prompt == "# A title\n* one\n* two\n")
        #expect(probe.maxTokens == 5)
        #expect(probe.temperature == 0.5)
        #expect(!probe.stream)
        #expect(!probe.nonce)
        #expect(probe.headers.map(\.value.reveal) == ["canary-of-the-chat"])
        #expect(probe.connection == .cold)
        #expect(probe.expect == .text(containing: "OK"))
    }

    @Test("a language model in each of the other dialects")
    func dialects() throws {
        let text = try String(contentsOfFile: GoldenFile.fixture("configuration/valid-dialects.yml"), encoding: .utf8)
        let benchmarks = try testLoader().load(text, file: "test.yml").configuration.benchmarks
        let definitions: [LanguageModelDefinition] = benchmarks.compactMap {
            guard case .languageModel(let definition, _) = $0.probe else { return nil }
            return definition
        }
        #expect(
            definitions == [
                LanguageModelDefinition(
                    dialect: .messages,
                    path: "/v1/messages",
                    model: "claude",
                    system: "s",
                    prompt: "p",
                    maxTokens: 16,
                    temperature: 1,
                    stream: true,
                    headers: [HeaderDefinition(name: "X-Api-Key", value: Secret("canary"))]
                ),
                LanguageModelDefinition(
                    dialect: .responses,
                    path: "/v1/responses",
                    model: "gpt",
                    system: "s",
                    prompt: "p",
                    maxTokens: 16,
                    temperature: 2,
                    stream: true,
                    expect: .text(containing: "OK")
                ),
                LanguageModelDefinition(
                    dialect: .completions,
                    path: "/completions?key=canary",
                    model: "instruct",
                    prompt: "p",
                    maxTokens: 16,
                    stream: true,
                    nonce: false
                ),
                LanguageModelDefinition(
                    dialect: .embeddings,
                    path: "/v1/embeddings",
                    model: "small",
                    prompt: "i",
                    stream: false,
                    connection: .cold,
                    expect: .embedding(dimensions: 384)
                ),
            ]
        )
        #expect(benchmarks.map(\.probe.kind) == ["messages", "responses", "completions", "embeddings"])
        #expect(benchmarks.map(\.probe.model) == ["claude", "gpt", "instruct", "small"])
        #expect(benchmarks.map(\.operations[0].identity.operation) == ["stream", "stream", "stream", "unary"])
    }

    @Test("what defaults and substitutions say reaches a benchmark that says nothing")
    func settingsFromDefaults() throws {
        let benchmark = try benchmarks()[1]
        #expect(benchmark.interval == .seconds(45))
        #expect(benchmark.startJitter == .zero)
        #expect(benchmark.iterations == 7)
        #expect(benchmark.overlap == .queue)
        #expect(benchmark.operations[0].objective.errorRatio == 0)
    }

    @Test("a Redis probe and its target")
    func redis() throws {
        guard case .redis(let probe, let endpoint) = try benchmarks()[2].probe else {
            Issue.record("not a Redis probe")
            return
        }
        #expect(probe.prepare == [["AUTH", "user", "canary-of-the-prepare"], ["SET", "number", "42"]])
        #expect(probe.command == ["HELLO", "3", "AUTH", "user", "canary-of-the-command"])
        #expect(probe.cleanup == [["AUTH", "canary-of-the-cleanup"]])
        #expect(probe.expect == RedisExpectation(value: nil, elements: 14))
        #expect(endpoint.host == "cache")
        #expect(endpoint.port == 6379)
        #expect(endpoint.username == nil)
        #expect(endpoint.password?.reveal == "canary of the cache")
        #expect(endpoint.database == 0)
        #expect(endpoint.tls == TLSDefinition(certificateAuthorityFile: "own.pem", serverName: "cache.example"))
    }

    @Test("a TCP connection and its target")
    func tcp() throws {
        guard case .tcp(let probe, let target) = try benchmarks()[3].probe else {
            Issue.record("not a TCP probe")
            return
        }
        #expect(probe.send == "AUTH canary-of-the-message\n")
        #expect(probe.expect == TextExpectation(contains: "220 ", matches: "^220"))
        #expect(target.host == "::1")
        #expect(target.port == 5432)
        #expect(target.tls?.clientCertificate?.certificateFile == "c.pem")
        #expect(try benchmarks()[3].operations[0].identity.operation == "connect")
    }

    @Test("a command and its target")
    func command() throws {
        guard case .command(let probe, let target) = try benchmarks()[4].probe else {
            Issue.record("not a command")
            return
        }
        #expect(probe.run == ["curl", "--user", "canary-of-the-arguments"])
        #expect(!probe.usesShell)
        #expect(probe.standardInput == "canary-of-the-input")
        #expect(probe.expectedStatus == 3)
        #expect(probe.expectedOutput == TextExpectation(contains: "a", matches: "b"))
        #expect(target.directory == "/srv")
        #expect(target.environment.mapValues(\.reveal) == ["TOKEN": "canary-of-the-environment"])
        #expect(try benchmarks()[4].operations[0].identity.operation == "run")
        guard case .command(let shell, _) = try benchmarks()[5].probe else {
            Issue.record("not a command")
            return
        }
        #expect(shell.run == ["curl --user canary-of-the-shell"])
        #expect(shell.usesShell)
    }

    @Test(
        "a reply is compared as text, or with nil",
        arguments: [
            ("42", .string("42")), ("true", .string("true")), ("\"\"", .string("")), ("null", .null),
            ("\"null\"", .string("null")),
        ] as [(String, JSONScalar)]
    )
    func replyValue(text: String, value: JSONScalar) throws {
        let file = """
            targets: { cache: { redis: { url: "redis://h" } } }
            benchmarks:
              - { name: cached_response, target: cache, probe: { redis: { command: [GET], expect: { value: \(text) } } } }
            """
        let loaded = try testLoader().load(file, file: "test.yml")
        guard case .redis(let probe, _) = loaded.configuration.benchmarks[0].probe else {
            Issue.record("not a Redis probe")
            return
        }
        #expect(probe.expect.value == value)
    }
}
