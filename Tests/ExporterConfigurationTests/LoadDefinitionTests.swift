import BenchmarkModel
import ExporterConfiguration
import Testing

@Suite("The load of a benchmark")
struct LoadDefinitionTests {
    @Test(
        "iterations arrive by a pattern and at a rate, or else workers ask",
        arguments: [
            ("arrival: { constant_per_second: 20 }", ArrivalDefinition(pattern: .constant, rate: 20)),
            ("arrival: { poisson_per_second: 0.5 }", ArrivalDefinition(pattern: .poisson, rate: 0.5)),
            ("", nil),
        ] as [(String, ArrivalDefinition?)]
    )
    func arrival(line: String, expected: ArrivalDefinition?) throws {
        let benchmark = try benchmark(configuration(extra: [line]))
        #expect(benchmark.arrival == expected)
        #expect(benchmark.operations[0].traits.isOpenLoop == (expected != nil))
    }

    @Test(
        "the time for arrivals is their number divided by their rate, however slow or fast",
        arguments: [
            (200, 20.0, Duration.seconds(10)), (1, 0.001, .seconds(1000)), (100_000, 10_000, .seconds(10)),
            (100_000, 0.001, .seconds(100_000_000)),
        ]
    )
    func span(iterations: Int, rate: Double, expected: Duration) {
        #expect(ArrivalDefinition(pattern: .poisson, rate: rate).span(of: iterations) == expected)
    }

    @Test(
        "in open loop the response time is judged instead of the duration, and nothing else is",
        arguments: [
            ("", ObjectiveMetric.response), ("objective: { metric: duration }", .response),
            ("objective: { metric: response, target: 1s }", .response),
            ("objective: { metric: time_to_first_token }", .timeToFirstToken),
        ]
    )
    func objective(line: String, expected: ObjectiveMetric) throws {
        let text = configuration(
            name: "model_response",
            extra: ["arrival: { constant_per_second: 1 }", line],
            probe: "chat_completion: { model: m, prompt: p }"
        )
        #expect(try benchmark(text).operations[0].objective.metric == expected)
    }

    @Test("arrivals that just fit are right")
    func fittingArrivals() throws {
        let lines = ["arrival: { constant_per_second: 20 }", "iterations: 400", "interval: 30s", "timeout: 10s"]
        #expect(try benchmark(configuration(extra: lines)).iterations == 400)
    }

    @Test("a mix asks what other benchmarks ask, wherever they stand, under the names of all their targets")
    func mix() throws {
        let text = """
            targets:
              assistant: { http: { base_url: "http://127.0.0.1:8000" } }
              cache: { redis: { url: "redis://127.0.0.1" } }
            benchmarks:
              - { name: health_check, target: assistant, probe: { http: { path: /health } } }
              - { name: concurrent_operations, probe: { mix: [{ benchmark: model_response, weight: 2.5 }, { benchmark: cached_response, weight: 1 }, { benchmark: health_check, weight: 1 }] } }
              - { name: cached_response, target: cache, probe: { redis: { command: [GET, a] } } }
              - { name: model_response, target: assistant, probe: { chat_completion: { model: m, prompt: p } } }
            """
        let benchmarks = try load(text).benchmarks
        #expect(
            benchmarks.map(\.name) == ["health_check", "concurrent_operations", "cached_response", "model_response"]
        )
        guard case .mix(let mix) = benchmarks[1].probe else {
            Issue.record("not a mix")
            return
        }
        #expect(mix.members.map(\.benchmark) == ["model_response", "cached_response", "health_check"])
        #expect(mix.members.map(\.weight) == [2.5, 1, 1])
        #expect(mix.members.map(\.probe) == [benchmarks[3].probe, benchmarks[2].probe, benchmarks[0].probe])
        #expect(benchmarks[1].operations.count == 1)
        let operation = try #require(benchmarks[1].operations.first)
        #expect(
            operation.identity
                == BenchmarkIdentity(
                    benchmark: "concurrent_operations",
                    operation: "mix",
                    target: "assistant+cache"
                )
        )
        let endpoints = "http://127.0.0.1:8000, redis://127.0.0.1:6379/0"
        #expect(operation.target == TargetDescription(kind: "mix", endpoint: endpoints))
        #expect(operation.traits.model == "m")
    }

    @Test("a mix of benchmarks of one target has its name, kind and endpoint")
    func mixOfOneTarget() throws {
        let benchmarks = try load(
            """
            targets: { assistant: { http: { base_url: "http://127.0.0.1:8000" } } }
            benchmarks:
              - { name: concurrent_operations, probe: { mix: [{ benchmark: a, weight: 1 }, { benchmark: b, weight: 1 }] } }
              - { name: a, category: health_check, target: assistant, probe: { http: { path: /a } } }
              - { name: b, category: health_check, target: assistant, probe: { http: { path: /b } } }
            """
        ).benchmarks
        #expect(benchmarks[0].operations[0].identity.target == "assistant")
        #expect(benchmarks[0].operations[0].target == benchmarks[1].operations[0].target)
        #expect(benchmarks[0].operations[0].traits.model == nil)
    }

    @Test("a sequence in a mix has the targets of its steps, and costs tokens where a step of it does")
    func sequenceInMix() throws {
        let benchmarks = try load(
            """
            targets:
              assistant: { http: { base_url: "http://127.0.0.1:8000" } }
              cache: { redis: { url: "redis://127.0.0.1" } }
            benchmarks:
              - { name: health_check, target: cache, probe: { redis: { command: [PING] } } }
              - { name: concurrent_operations, probe: { mix: [{ benchmark: health_check }, { benchmark: model_response }] } }
              - name: model_response
                target: cache
                probe:
                  steps:
                    - { measure: ping, redis: { command: [PING] } }
                    - { measure: ask, target: assistant, chat_completion: { model: m, prompt: p } }
            """
        ).benchmarks
        #expect(benchmarks[1].operations.map(\.identity.target) == ["cache+assistant"])
        #expect(benchmarks.map(\.tokenTargets) == [[], ["assistant"], ["assistant"]])
    }

    private func benchmark(_ text: String) throws -> BenchmarkDefinition {
        try #require(load(text).benchmarks.first)
    }

    private func load(_ text: String) throws -> ExporterConfiguration {
        try testLoader().load(text, file: "test.yml").configuration
    }
}
