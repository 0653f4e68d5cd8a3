import BenchmarkModel
import ExporterConfiguration

extension StepDefinition {
    /// A step of a test; it is measured where it has an `operation`.
    static func test(
        _ name: String,
        _ request: ProbeDefinition,
        operation: String? = nil,
        captures: [String: CaptureDefinition.Source] = [:],
        repetition: RepetitionDefinition? = nil
    ) -> StepDefinition {
        StepDefinition(
            name: name,
            target: "t",
            request: request,
            measure: operation.map { StepMeasure(operation: $0, objective: Objective()) },
            captures: captures.sorted { $0.key < $1.key }.map { CaptureDefinition(variable: $0.key, source: $0.value) },
            repetition: repetition
        )
    }
}

extension ProbeDefinition {
    /// A request to a service on this machine.
    static func request(
        _ method: String,
        _ path: String,
        port: Int,
        headers: [HeaderDefinition] = [],
        body: String? = nil,
        expect: HTTPExpectation = HTTPExpectation()
    ) -> ProbeDefinition {
        .http(
            HTTPProbeDefinition(method: method, path: path, headers: headers, body: body, expect: expect),
            .local(port)
        )
    }

    /// A command for a Redis server on this machine.
    static func command(_ words: String..., port: Int, value: String? = nil) -> ProbeDefinition {
        .redis(
            RedisProbeDefinition(command: words, expect: RedisExpectation(value: value.map(JSONScalar.string))),
            RedisEndpoint(host: "127.0.0.1", port: port, database: 0)
        )
    }
}
