import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import Probing

@Suite("Budgeted probe", .timeLimit(.minutes(1))) struct BudgetedProbeTests {
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    /// An answer that costs 15 tokens.
    private static let answer = IterationOutcome(
        duration: .milliseconds(1),
        languageModel: LanguageModelMeasurement(tokens: [
            TokenCount(kind: .input, source: .usage, count: 10),
            TokenCount(kind: .output, source: .estimated, count: 5),
            TokenCount(kind: .reasoning, source: .usage, count: 4),
            TokenCount(kind: .cached, source: .usage, count: 8),
        ])
    )

    @Test("input and output of each answer are booked, also of one that failed; a spent budget ends the run")
    func tokens() async throws {
        var failed = Self.answer
        failed.failure = IterationFailure(.truncated, "cut")
        for outcome in [Self.answer, failed] {
            let ledger = BudgetLedger.test(["t": BudgetDefinition(tokensPerHour: 40)])
            let probe = budgeted(OutcomeProbe(outcome), ledger)
            for spent in [15, 30, 45] {
                #expect(try await probe.execute(deadline: .generous) == outcome)
                #expect(ledger.spending(of: ["t"])["t"]?.tokensOfHour == spent)
            }
            await #expect(throws: CancellationError.self) { try await probe.execute(deadline: .generous) }
        }
    }

    @Test("warm-up counts, and the run ends aborted with what had finished")
    func run() async throws {
        let ledger = BudgetLedger.test(["t": BudgetDefinition(tokensPerHour: 70)])
        let run = BenchmarkRun(
            .test(.languageModel(.small, .local(1)), iterations: 10, warmup: 2),
            probe: budgeted(OutcomeProbe(Self.answer), ledger),
            nullTarget: FixedProbe(),
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: ManualClock()
        )
        let result = await run.measure()
        #expect(result.warmupIterations.count == 2)
        #expect(result.iterations.count == 3)
        #expect(!result.isComplete)
    }

    @Test("a probe that asks no language model does not care about tokens")
    func free() async throws {
        let ledger = BudgetLedger.test(["t": BudgetDefinition(tokensPerHour: 1)])
        ledger.book(1, on: "t")
        let probe = budgeted(OutcomeProbe(IterationOutcome(duration: .zero)), ledger, costsTokens: false)
        #expect(try await probe.execute(deadline: .generous).failure == nil)
    }

    @Test("without a permit before the deadline an iteration fails, as it was never issued")
    func notIssued() async throws {
        let inFlight = InFlightLimit(1, eventLoop: eventLoop)
        #expect(try await inFlight.acquire(before: .generous))
        let probe = budgeted(FixedProbe(), .test(), inFlight: inFlight)
        let outcome = try await probe.execute(deadline: .now() + .milliseconds(20))
        #expect(outcome.duration == .zero)
        #expect(outcome.failure?.reason == .notIssued)
        #expect(
            outcome.failure?.detail.replacing(/\d+\.\d+ s/, with: "N s")
                == "wait for a permit of t: all 1 of max_in_flight were out for N s, until the deadline"
        )
        inFlight.release()
        #expect(try await probe.execute(deadline: .generous).failure == nil)
        #expect(try await inFlight.acquire(before: .now()))
    }

    @Test("a timeout after a wait for a permit says so")
    func timeout() async throws {
        let inFlight = InFlightLimit(1, eventLoop: eventLoop)
        #expect(try await inFlight.acquire(before: .generous))
        eventLoop.scheduleTask(in: .milliseconds(5)) { inFlight.release() }
        let late = IterationOutcome(duration: .zero, failure: IterationFailure(.timeout, "GET /: timed out"))
        let outcome = try await budgeted(OutcomeProbe(late), .test(), inFlight: inFlight).execute(deadline: .generous)
        #expect(
            outcome.failure?.detail.replacing(/\d+\.\d+ s/, with: "N s")
                == "GET /: timed out, after N s of waiting for a permit of t (max_in_flight)"
        )
    }

    @Test("a budget that becomes spent during the wait for a permit is kept to")
    func spentDuringWait() async throws {
        let ledger = BudgetLedger.test(["t": BudgetDefinition(tokensPerHour: 1)])
        let inFlight = InFlightLimit(1, eventLoop: eventLoop)
        #expect(try await inFlight.acquire(before: .generous))
        let probe = budgeted(OutcomeProbe(Self.answer), ledger, inFlight: inFlight)
        await withThrowingTaskGroup(of: IterationOutcome.self) { group in
            group.addImmediateTask { try await probe.execute(deadline: .generous) }
            ledger.book(1, on: "t")
            inFlight.release()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        #expect(try await inFlight.acquire(before: .now()))
    }

    @Test("probes of one target share its permits, and a reload changes them at once")
    func factory() async throws {
        let service = try await ScriptedService.start([.awaitRequest], .always("ok"))
        let ledger = BudgetLedger.test(["t": BudgetDefinition(maxInFlight: 1)])
        let factory = ProbeFactory.test(on: eventLoop, ledger: ledger)
        let target = HTTPTarget.local(service.port)
        let first = await factory.probe(for: .test(.http(HTTPProbeDefinition(method: "GET", path: "/"), target)))
        let second = await factory.probe(
            for: .test(.http(HTTPProbeDefinition(method: "GET", path: "/"), target), name: "c")
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await first.execute(deadline: .generous) }
            await service.wait { $0.requests.count == 1 }
            let refused = try? await second.execute(deadline: .now() + .milliseconds(20))
            #expect(refused?.failure?.reason == .notIssued)
            await factory.replaceBudgets(["t": BudgetDefinition(maxInFlight: 2)])
            let admitted = try? await second.execute(deadline: .generous)
            #expect(admitted != nil && admitted?.failure == nil)
            group.cancelAll()
        }
    }

    private func budgeted<Base: Probe>(
        _ probe: Base,
        _ ledger: BudgetLedger,
        costsTokens: Bool = true,
        inFlight: InFlightLimit? = nil
    ) -> BudgetedProbe<Base> {
        BudgetedProbe(
            probe,
            target: "t",
            costsTokens: costsTokens,
            ledger: ledger,
            inFlight: inFlight ?? InFlightLimit(nil, eventLoop: eventLoop)
        )
    }
}

/// A probe whose iterations all come to the same.
private struct OutcomeProbe: Probe {
    let outcome: IterationOutcome

    init(_ outcome: IterationOutcome) {
        self.outcome = outcome
    }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome { outcome }
}
