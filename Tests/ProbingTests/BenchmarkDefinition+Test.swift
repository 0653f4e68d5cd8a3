import BenchmarkModel
import ExporterConfiguration

extension BenchmarkDefinition {
    /// A benchmark of a test, which by its definition asks a Redis server.
    static func test(
        _ probe: ProbeDefinition = .redis(
            RedisProbeDefinition(command: ["PING"]),
            RedisEndpoint(host: "127.0.0.1", port: 6379, database: 0)
        ),
        name: String = "b",
        iterations: Int = 1,
        warmup: Int = 0,
        concurrency: Int = 1,
        timeout: Duration = .seconds(1),
        category: BenchmarkCategory = .healthCheck,
        arrival: ArrivalDefinition? = nil,
        objective: Objective = Objective()
    ) -> BenchmarkDefinition {
        BenchmarkDefinition(
            name: name,
            category: category,
            interval: .seconds(60),
            startJitter: .zero,
            timeout: timeout,
            iterations: iterations,
            warmupIterations: warmup,
            concurrency: concurrency,
            overlap: .skip,
            arrival: arrival,
            probe: probe,
            operations: [
                OperationDefinition(
                    identity: BenchmarkIdentity(benchmark: name, operation: "ping", target: "t"),
                    objective: objective,
                    traits: OperationTraits(model: probe.model, isOpenLoop: arrival != nil),
                    target: probe.target
                )
            ]
        )
    }
}
