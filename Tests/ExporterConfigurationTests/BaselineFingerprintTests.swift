import BenchmarkModel
import Testing

@testable import ExporterConfiguration

@Suite("Fingerprints of what is measured")
struct BaselineFingerprintTests {
    private static func http(
        path: String = "/health",
        host: String = "assistant",
        token: String = "secret",
        expect: HTTPExpectation = HTTPExpectation(headers: ["a": "1", "b": "2", "c": "3"])
    ) -> ProbeDefinition {
        .http(
            HTTPProbeDefinition(
                method: "GET",
                path: path,
                headers: [HeaderDefinition(name: "Authorization", value: Secret(token))],
                expect: expect
            ),
            HTTPTarget(baseURL: HTTPBaseURL(isSecure: false, host: host, port: 80, pathPrefix: ""))
        )
    }

    private static func fingerprint(
        _ probe: ProbeDefinition = http(),
        objective: Objective = Objective(),
        operation: String = "get",
        change: (inout BenchmarkDefinition) -> Void = { _ in }
    ) -> String {
        var definition = BenchmarkDefinition(
            name: "health_check",
            category: .healthCheck,
            interval: .seconds(30),
            startJitter: .zero,
            timeout: .seconds(10),
            iterations: 10,
            warmupIterations: 3,
            concurrency: 1,
            overlap: .skip,
            probe: probe,
            operations: []
        )
        change(&definition)
        let identity = BenchmarkIdentity(benchmark: "health_check", operation: operation, target: "assistant")
        return definition.fingerprint(
            of: OperationDefinition(
                identity: identity,
                objective: objective,
                traits: OperationTraits(),
                target: probe.target
            )
        )
    }

    @Test("it stays the same from version to version: another one makes every exporter learn anew")
    func stable() {
        #expect(Self.fingerprint() == "6f33730327d596f1")
    }

    @Test("what changes no latency changes no fingerprint")
    func ignored() {
        let fingerprint = Self.fingerprint()
        #expect(Self.fingerprint(Self.http(token: "rotated")) == fingerprint)
        #expect(
            Self.fingerprint(objective: Objective(statistic: .p99, target: .seconds(1), errorRatio: 0)) == fingerprint
        )
        let changed = Self.fingerprint {
            $0.interval = .seconds(1)
            $0.startJitter = .seconds(1)
            $0.timeout = .seconds(1)
            $0.iterations = 100
            $0.warmupIterations = 0
            $0.overlap = .queue
            $0.name = "another"
        }
        #expect(changed == fingerprint)
    }

    @Test("what is asked, of whom, under which load and what is looked at each change it")
    func distinct() {
        let fingerprints = [
            Self.fingerprint(),
            Self.fingerprint(Self.http(path: "/ready")),
            Self.fingerprint(Self.http(host: "another")),
            Self.fingerprint(Self.http(expect: HTTPExpectation(headers: ["a": "1", "b": "2", "c": "4"]))),
            Self.fingerprint(Self.http(expect: HTTPExpectation(bodyContains: "ok"))),
            Self.fingerprint(Self.http(expect: HTTPExpectation(bodyMatches: "ok"))),
            Self.fingerprint(objective: Objective(metric: .timeToFirstToken)),
            Self.fingerprint(operation: "cold"),
            Self.fingerprint { $0.concurrency = 2 },
            Self.fingerprint { $0.arrival = ArrivalDefinition(pattern: .constant, rate: 5) },
        ]
        #expect(Set(fingerprints).count == fingerprints.count)
    }

    @Test("a step's target latency changes nothing, its request does")
    func steps() {
        func fingerprint(target: Duration, path: String = "/a") -> String {
            let step = StepDefinition(
                name: "ask",
                target: "assistant",
                request: Self.http(path: path),
                measure: StepMeasure(operation: "ask", objective: Objective(target: target))
            )
            return Self.fingerprint(.steps(StepsDefinition(prefix: "p", steps: [step])))
        }
        #expect(fingerprint(target: .seconds(1)) == fingerprint(target: .seconds(2)))
        #expect(fingerprint(target: .seconds(1)) != fingerprint(target: .seconds(1), path: "/b"))
    }
}
