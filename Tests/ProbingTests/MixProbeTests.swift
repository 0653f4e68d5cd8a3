import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import Probing

@Suite("A mix", .timeLimit(.minutes(1))) struct MixProbeTests {
    @Test(
        "each member is drawn as often as its weight says",
        arguments: [[1.0], [3, 1], [0.5, 0.25, 0.25], [1, 1000]]
    )
    func weights(weights: [Double]) {
        let choice = WeightedChoice(weights)
        var generator = SeededGenerator(seed: 7)
        var counts = Array(repeating: 0, count: weights.count)
        for _ in 0..<20_000 { counts[choice.draw(using: &generator)] += 1 }
        let sum = weights.reduce(0, +)
        for (count, weight) in zip(counts, weights) {
            #expect(abs(Double(count) / 20_000 - weight / sum) < 0.015)
        }
    }

    @Test("the same seed draws the same members")
    func seeds() async throws {
        var drawn: [[Int]] = []
        for seed: UInt64 in [1, 1, 2] {
            let members = (0..<3).map { FixedProbe(.milliseconds($0)) }
            let mix = MixProbe(members.map { member($0) }, generator: SeededGenerator(seed: seed))
            for _ in 0..<30 { _ = try await mix.execute(deadline: .generous) }
            drawn.append(members.map(\.count))
        }
        #expect(drawn[0] == drawn[1])
        #expect(drawn[0].reduce(0, +) == 30)
        #expect(drawn[0] != drawn[2])
    }

    @Test("the outcome is that of the member, and a sequence counts as a whole")
    func outcome() async throws {
        let whole = try await MixProbe([member(SequenceProbe())]).execute(deadline: .generous)
        #expect(whole == IterationOutcome(duration: .milliseconds(3), visibilityLag: .milliseconds(1)))
    }

    @Test("a failure says whose it is, and has the trace of requests that were named")
    func failure() async throws {
        let probe = FailingProbe(failure: IterationFailure(.http5xx, "status 503"))
        let named = try await MixProbe([member(probe, carriesTrace: true)]).execute(deadline: .generous)
        #expect(named.failure == IterationFailure(.http5xx, "member: status 503"))
        #expect(named.traceID?.count == 32)
        let unnamed = try await MixProbe([member(probe)]).execute(deadline: .generous)
        #expect(unnamed.traceID == nil)
    }

    @Test("every member is prepared and cleaned up, whichever is drawn")
    func preparation() async throws {
        let probes = (0..<3).map { _ in PreparedProbe() }
        let mix = MixProbe(probes.map { member($0) })
        #expect(try await mix.prepare(deadline: .generous) == nil)
        #expect(probes.map(\.isPrepared) == [true, true, true])
        await mix.cleanUp(deadline: .generous)
        #expect(probes.map(\.isPrepared) == [false, false, false])
    }

    @Test("a member that cannot be prepared is the failure of the mix")
    func failedPreparation() async throws {
        let unprepared = FailingProbe(preparationFailure: IterationFailure(.connect, "refused"))
        let mix = MixProbe([member(PreparedProbe()), member(unprepared)])
        #expect(try await mix.prepare(deadline: .generous) == IterationFailure(.connect, "member: refused"))
    }

    @Test("the factory makes a probe of each member, whose secrets the failures of the mix do not tell")
    func factory() async throws {
        let service = try await ScriptedService.start(.always("you sent Bearer s3cr3t-canary"))
        var target = HTTPTarget.local(service.port)
        target.headers = [HeaderDefinition(name: "Authorization", value: Secret("Bearer s3cr3t-canary"))]
        var http = HTTPProbeDefinition(method: "GET", path: "/a")
        http.expect.bodyContains = "else"
        let members = [MixMember(benchmark: "a", targets: ["t"], weight: 1, probe: .http(http, target))]
        let definition = BenchmarkDefinition.test(.mix(MixDefinition(members: members)), timeout: .seconds(30))
        let factory = ProbeFactory.test()
        let execution = IterationExecution(definition, probe: await factory.probe(for: definition))
        let outcome = try #require(await execution.execute())
        let detail = try #require(outcome.failure?.detail)
        #expect(detail.hasPrefix("a: "))
        #expect(detail.contains("<redacted>"))
        #expect(!detail.contains("canary"))
        let traceparent = try #require(service.record.requests.first?.head.headers.first(name: "traceparent"))
        #expect(traceparent.split(separator: "-")[1] == outcome.traceID ?? "")
        await factory.retain([])
        await service.wait { $0.closedConnections == 1 }
    }

    private func member(_ probe: any Probe, carriesTrace: Bool = false) -> MixProbe.Member {
        MixProbe.Member(name: "member", weight: 1, carriesTraceContext: carriesTrace, probe: probe)
    }
}

/// A sequence of one measured step.
private struct SequenceProbe: Probe {
    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        IterationOutcome(
            duration: .milliseconds(3),
            visibilityLag: .milliseconds(1),
            operations: [IterationOutcome(duration: .milliseconds(2))]
        )
    }
}

/// A probe that knows whether it is prepared.
private final class PreparedProbe: Probe {
    private let state = Mutex(false)

    var isPrepared: Bool { state.withLock(\.self) }

    func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure? {
        state.withLock { $0 = true }
        return nil
    }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        IterationOutcome(duration: .zero)
    }

    func cleanUp(deadline: NIODeadline) async {
        state.withLock { $0 = false }
    }
}
