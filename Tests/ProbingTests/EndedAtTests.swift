import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import Testing

@testable import Probing

@Suite("The end of an iteration", .timeLimit(.minutes(1)))
struct EndedAtTests {
    private static let successes: [@Sendable (Int) -> ProbeDefinition] = [
        { .request("GET", "/", port: $0) },
        { .tcp(TCPProbeDefinition(), TCPTarget(host: "127.0.0.1", port: $0)) },
        { _ in .command(CommandProbeDefinition(run: ["true"]), CommandTarget()) },
        { .steps(StepsDefinition(prefix: "", steps: [.test("a", .request("GET", "/", port: $0))])) },
    ]

    private static let failures: [@Sendable (Int) -> ProbeDefinition] =
        successes + [
            { .command("PING", port: $0) },
            {
                let model = LanguageModelDefinition(
                    dialect: .embeddings,
                    path: "/",
                    model: "m",
                    prompt: "p",
                    stream: false
                )
                return .languageModel(model, .local($0))
            },
        ]

    private func outcome(of definition: ProbeDefinition) async throws -> IterationOutcome {
        let factory = ProbeFactory.test()
        let begin = NIODeadline.now().uptime
        let outcome = try await factory.probe(for: .test(definition)).execute(deadline: .generous)
        let end = try #require(outcome.endedAt)
        #expect(end >= begin + outcome.duration)
        #expect(end <= NIODeadline.now().uptime)
        return outcome
    }

    @Test("is the arrival of the last byte, by the monotonic clock", arguments: successes.indices)
    func success(index: Int) async throws {
        let service = try await ScriptedService.start(.always("ok"))
        #expect(try await outcome(of: Self.successes[index](service.port)).failure == nil)
    }

    @Test("of Redis is the arrival of the last byte too")
    func redis() async throws {
        let server = try await RedisServer.start()
        #expect(try await outcome(of: .command("PING", port: server.port)).failure == nil)
    }

    @Test("is the moment at which a failure was known", arguments: failures.indices)
    func failure(index: Int) async throws {
        let definition = Self.failures[index](try FreePort.find())
        let failure = try await outcome(of: definition).failure
        if case .command = definition { return }
        #expect(failure?.reason == .connect)
    }
}
