import BenchmarkModel
import ExporterConfiguration
import Testing

@Suite("The configuration loader")
struct ConfigurationLoaderTests {
    private func load(_ text: String, environment: [String: String] = [:]) throws -> LoadedConfiguration {
        try testLoader(environment: environment).load(text, file: "test.yml")
    }

    private func benchmark(_ text: String, environment: [String: String] = [:]) throws -> BenchmarkDefinition {
        try #require(load(text, environment: environment).configuration.benchmarks.first)
    }

    @Test("a file that says nothing else has the documented defaults")
    func defaults() throws {
        let loaded = try load(configuration(name: "model_response"))
        let benchmark = try #require(loaded.configuration.benchmarks.first)
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.configuration.instance == "test-host")
        let store = loaded.configuration.store
        #expect(store.location == .sqlite(path: "ai-benchmark-exporter.db"))
        #expect(store.resultRetention == .seconds(30 * 24 * 3600))
        #expect(store.commitTimeout == .milliseconds(500))
        #expect(
            benchmark.operations[0].identity
                == BenchmarkIdentity(benchmark: "model_response", operation: "get", target: "assistant")
        )
        #expect(benchmark.category == .modelResponse)
        #expect(benchmark.interval == .seconds(30 * 60))
        #expect(benchmark.startJitter == .seconds(5))
        #expect(benchmark.timeout == .seconds(10))
        #expect(benchmark.iterations == 10)
        #expect(benchmark.warmupIterations == 3)
        #expect(benchmark.concurrency == 1)
        #expect(benchmark.overlap == .skip)
        #expect(
            benchmark.operations[0].objective
                == Objective(metric: .duration, statistic: .p95, target: .milliseconds(300), errorRatio: 0.01)
        )
    }

    @Test(
        "the eight categories have their own targets and concurrency",
        arguments: [
            ("model_response", 300, 1), ("cached_response", 50, 1), ("context_loading", 300, 1),
            ("conversation_storage", 300, 1), ("agent_routing", 300, 1), ("concurrent_operations", 300, 5),
            ("memory_operations", 300, 1), ("health_check", 100, 1),
        ]
    )
    func categories(name: String, milliseconds: Int, concurrency: Int) throws {
        let byName = try benchmark(configuration(name: name))
        let byCategory = try benchmark(configuration(name: "other", extra: ["category: \(name)"]))
        for benchmark in [byName, byCategory] {
            #expect(benchmark.category.rawValue == name)
            #expect(benchmark.operations[0].objective.target == .milliseconds(milliseconds))
            #expect(benchmark.concurrency == concurrency)
        }
    }

    @Test(
        "the target is that of the benchmark, then of the category, of the defaults, of the environment",
        arguments: [
            // of the benchmark, category, of the defaults, of the environment, expected in milliseconds
            ("1s", "health_check", "2s", "3000", 1000), (nil, "health_check", "2s", "3000", 100),
            (nil, "model_response", "2s", "3000", 2000), (nil, "model_response", nil, "3000", 3000),
            (nil, "model_response", nil, nil, 300), (nil, "health_check", nil, "3000", 100),
            (nil, "model_response", nil, "", 300),
        ] as [(String?, String, String?, String?, Int)]
    )
    func targetPrecedence(own: String?, name: String, default: String?, variable: String?, expected: Int) throws {
        let benchmark = try benchmark(
            configuration(
                `default`.map { "defaults: { objective: { target: \($0) } }" } ?? "",
                name: name,
                extra: own.map { ["objective: { target: \($0) }"] } ?? []
            ),
            environment: variable.map { ["AI_RESPONSE_TARGET_LATENCY": $0] } ?? [:]
        )
        #expect(benchmark.operations[0].objective.target == .milliseconds(expected))
    }

    @Test("a target from the environment may have a fraction")
    func fractionalTarget() throws {
        let environment = ["AI_RESPONSE_TARGET_LATENCY": "0.25"]
        let benchmark = try benchmark(configuration(name: "model_response"), environment: environment)
        #expect(benchmark.operations[0].objective.target == .microseconds(250))
    }

    @Test(
        "a target from the environment that is no time is a problem",
        arguments: ["abc", "0", "-1", "nan", "inf", "1e300", "1e-9", "300ms"]
    )
    func wrongVariable(value: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try load(configuration(name: "model_response"), environment: ["AI_RESPONSE_TARGET_LATENCY": value])
        }
        #expect(
            error.description == """
                test.yml:1:1: AI_RESPONSE_TARGET_LATENCY: found "\(value)" in the environment, \
                expected milliseconds greater than zero, such as 300
                """
        )
    }

    @Test("the concurrency of a category comes before that of the defaults, and after that of the benchmark")
    func concurrencyPrecedence() throws {
        let defaults = "defaults: { concurrency: 7 }"
        #expect(try benchmark(configuration(defaults)).concurrency == 7)
        #expect(try benchmark(configuration(defaults, name: "concurrent_operations")).concurrency == 5)
        let own = configuration(defaults, name: "concurrent_operations", extra: ["concurrency: 2"])
        #expect(try benchmark(own).concurrency == 2)
    }

    @Test("what the defaults say of an objective holds for what a benchmark leaves out")
    func objectiveParts() throws {
        let benchmark = try benchmark(
            configuration(
                "defaults: { objective: { statistic: mean, error_ratio: 0.5 } }",
                extra: ["objective: { error_ratio: 0.25 }"]
            )
        )
        #expect(benchmark.operations[0].objective.statistic == .mean)
        #expect(benchmark.operations[0].objective.errorRatio == 0.25)
    }

    @Test(
        "the operation says what a probe does",
        arguments: [
            ("http: {}", "get"), ("http: { method: POST }", "post"), ("http: { connection: cold }", "cold"),
            ("chat_completion: { model: m, prompt: p }", "stream"),
            ("chat_completion: { model: m, prompt: p, stream: false }", "unary"),
        ]
    )
    func operations(probe: String, operation: String) throws {
        #expect(try benchmark(configuration(probe: probe)).operations[0].identity.operation == operation)
    }

    @Test("a Redis store without an instance is a warning, with one it is none")
    func redisWithoutInstance() throws {
        let store = #"store: { url: "redis://127.0.0.1" }"#
        #expect(
            try load(configuration(store)).warnings.map(\.description) == [
                """
                test.yml:1:1: instance: found nothing, so that state is kept under the host name, which changes with \
                the pod, expected a name that stays when Redis is the store
                """
            ]
        )
        #expect(try load(configuration("instance: a\n" + store)).warnings.isEmpty)
    }

    @Test("a host name that cannot be an instance is a problem only where it is needed", arguments: ["", "{pod}"])
    func wrongHostName(name: String) throws {
        let loader = testLoader(hostName: name)
        let error = try #require(throws: ConfigurationError.self) {
            try loader.load(configuration(), file: "test.yml")
        }
        #expect(
            error.description.hasPrefix("test.yml:2:1: instance: found nothing, and a host name that cannot stand in,")
        )
        let loaded = try loader.load(configuration("instance: a"), file: "test.yml")
        #expect(loaded.configuration.instance == "a")
    }

    @Test("a byte order mark and carriage returns do no harm")
    func windows() throws {
        let text = "\u{FEFF}" + configuration().replacing("\n", with: "\r\n")
        #expect(try load(text).configuration.benchmarks.count == 1)
    }

    @Test("a file of more than 1 MiB is refused")
    func tooLarge() throws {
        let text = configuration() + "\n# " + String(repeating: "x", count: 1 << 20)
        let error = try #require(throws: ConfigurationError.self) { try load(text) }
        #expect(error.description == "test.yml:1:1: found a file of \(text.utf8.count) bytes, expected at most 1 MiB")
    }

    @Test("the store of a command line is read as that of a file")
    func storeLocation() throws {
        #expect(try testLoader().storeLocation("none") == StoreLocation.none)
        let problem = try #require(throws: ValueProblem.self) { try testLoader().storeLocation("memory:") }
        #expect(
            problem.description
                == #"found the scheme "memory", expected sqlite:PATH, redis://…, rediss://…, unix://… or none"#
        )
    }
}
