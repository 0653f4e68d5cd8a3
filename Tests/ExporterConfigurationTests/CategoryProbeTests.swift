import BenchmarkModel
import Testing

@testable import ExporterConfiguration

@Suite("Categories without a probe")
struct CategoryProbeTests {
    private static let loader = ConfigurationLoader(environment: [:], hostName: "test") { _ in "" }
    private static let targets: [DeclaredTarget.Kind: String] = [
        .http: #"http: { base_url: "http://127.0.0.1:8000" }"#,
        .redis: #"redis: { url: "redis://127.0.0.1:6379" }"#,
        .tcp: #"tcp: { address: "127.0.0.1:8000" }"#,
        .command: "command: {}",
    ]

    private static func text(_ category: BenchmarkCategory, _ kind: DeclaredTarget.Kind) -> String {
        """
        targets: { it: { \(targets[kind] ?? "") } }
        benchmarks:
          - { name: \(category.rawValue), target: it }
        """
    }

    @Test(
        "a name and a target are enough for what each category measures",
        arguments: [
            (BenchmarkCategory.modelResponse, DeclaredTarget.Kind.http, ["stream", "unary"]),
            (.cachedResponse, .http, ["hit", "miss"]), (.cachedResponse, .redis, ["hit", "miss"]),
            (.contextLoading, .http, ["load"]), (.contextLoading, .redis, ["lrange"]),
            (.conversationStorage, .http, ["append", "read"]), (.conversationStorage, .redis, ["append", "read"]),
            (.agentRouting, .http, ["route"]), (.concurrentOperations, .http, ["get"]),
            (.concurrentOperations, .redis, ["ping"]), (.concurrentOperations, .tcp, ["connect"]),
            (.memoryOperations, .http, ["create", "search", "update", "verify", "delete", "gone"]),
            (.memoryOperations, .redis, ["create", "search", "update", "verify", "delete", "gone"]),
            (.healthCheck, .http, ["live", "ready", "cold"]), (.healthCheck, .redis, ["ping"]),
            (.healthCheck, .tcp, ["connect"]),
        ]
    )
    func operations(category: BenchmarkCategory, kind: DeclaredTarget.Kind, operations: [String]) throws {
        let loaded = try Self.loader.load(Self.text(category, kind), file: "test.yml")
        let benchmark = try #require(loaded.configuration.benchmarks.first)
        #expect(benchmark.operations.map(\.identity.operation) == operations)
        #expect(benchmark.operations[0].objective.target == category.ownTarget ?? .milliseconds(300))
        #expect(benchmark.concurrency == category.ownConcurrency ?? 1)
        #expect(loaded.warnings.filter { !"\($0)".contains("instance") }.isEmpty)
    }

    @Test("a target that a category cannot ask by itself needs a probe, and the message says which it can")
    func unanswerable() throws {
        for category in BenchmarkCategory.allCases {
            let kinds = CategoryProbe.kinds(of: category)
            for kind in DeclaredTarget.Kind.allCases where !kinds.contains(kind) {
                let error = #expect(throws: ConfigurationError.self) {
                    try Self.loader.load(Self.text(category, kind), file: "test.yml")
                }
                let names = kinds.map(\.rawValue).joined(separator: ", ")
                let expected = """
                    test.yml:3:5: benchmarks[0].probe: found nothing, for a target of the kind \(kind.rawValue), expected a probe, \
                    as by itself \(category.rawValue) asks only targets of the kinds \(names)
                    """
                #expect("\(try #require(error))" == expected)
            }
        }
    }

    @Test("the example of a category asks what the category asks by itself", arguments: BenchmarkCategory.allCases)
    func example(category: BenchmarkCategory) throws {
        let example = try Self.loader.load(CategoryExample.text(category), file: "example.yml")
        #expect(example.warnings.isEmpty)
        let kinds = CategoryProbe.kinds(of: category)
        #expect(example.configuration.benchmarks.count == kinds.count)
        for (benchmark, kind) in zip(example.configuration.benchmarks, kinds) {
            let short = try Self.loader.load(
                "instance: assistant-0\n" + Self.text(category, kind),
                file: "test.yml"
            )
            let own = try #require(short.configuration.benchmarks.first)
            #expect(benchmark.probe.kind == own.probe.kind)
            #expect(benchmark.operations.map(\.identity.operation) == own.operations.map(\.identity.operation))
            #expect(benchmark.operations.map(\.objective) == own.operations.map(\.objective))
        }
    }

    @Test("a setting that does not fit what a category asks is reported at the benchmark")
    func misfit() {
        let text = """
            targets: { it: { http: { base_url: "http://127.0.0.1:8000" } } }
            benchmarks:
              - name: context_loading
                target: it
                objective: { metric: time_to_first_token }
            """
        let error = #expect(throws: ConfigurationError.self) { try Self.loader.load(text, file: "test.yml") }
        let expected = """
            test.yml:3:5: benchmarks[0].probe.steps[1].objective: found an objective on time_to_first_token, expected a \
            language model with stream: true, or the metric duration
            """
        #expect(error?.description == expected)
    }
}
