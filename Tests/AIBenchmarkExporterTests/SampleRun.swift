import BenchmarkModel
import ExporterConfiguration

/// One benchmark of one operation, and runs of it.
enum SampleRun {
    static let identity = BenchmarkIdentity(benchmark: "a", operation: "get", target: "assistant")
    static let objective = Objective(target: .milliseconds(100))

    /// A run that ended at that second since 1970, each of whose iterations took so many milliseconds; a negative one failed.
    static func summary(
        at second: Double,
        milliseconds: [Int],
        identity: BenchmarkIdentity = identity,
        objective: Objective = objective
    ) -> RunSummary {
        let record = OperationRecord(
            identity: identity,
            objective: objective,
            warmupIterations: [],
            iterations: milliseconds.map { value in
                IterationOutcome(
                    duration: .milliseconds(abs(value)),
                    failure: value < 0 ? IterationFailure(.timeout, "timed out") : nil
                )
            },
            elapsed: .seconds(1)
        )
        return RunRecord(
            benchmark: identity.benchmark,
            outcome: .completed,
            intendedAt: second,
            completedAt: second,
            lateness: .zero,
            operations: [record]
        ).summary
    }

    /// The configured benchmarks with these names, each with an objective of so many milliseconds.
    static func definitions(_ names: [String] = ["a"], target: Int = 100) throws -> [BenchmarkDefinition] {
        let benchmarks = names.map { name in
            """
              - { name: \(name), category: health_check, target: assistant, objective: { target: \(target)ms },
                  probe: { http: { path: / } } }

            """
        }
        let text = """
            targets: { assistant: { http: { base_url: "http://127.0.0.1:1" } } }
            benchmarks:

            """
        let loader = ConfigurationLoader(environment: [:], hostName: "test") { _ in "" }
        return try loader.load(text + benchmarks.joined(), file: "test.yml").configuration.benchmarks
    }
}
