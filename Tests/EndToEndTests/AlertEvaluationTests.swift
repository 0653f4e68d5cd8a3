import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import AIBenchmarkExporter
@testable import Alerting

@Suite("Evaluation of alerts", .timeLimit(.minutes(1))) struct AlertEvaluationTests {
    private static let identity = BenchmarkIdentity(
        benchmark: "model_response",
        operation: "unary",
        target: "assistant"
    )

    private static let objective = Objective(
        metric: .duration,
        statistic: .p95,
        target: .milliseconds(300),
        errorRatio: 0.01
    )

    private static let configuration = """
        instance: test
        targets: { assistant: { http: { base_url: "http://127.0.0.1:1" } } }
        budgets: { assistant: { tokens_per_day: 100 } }
        benchmarks:
          - name: model_response
            target: assistant
            interval: 10s
            timeout: 1s
            iterations: 5
            warmup_iterations: 0
            probe: { chat_completion: { model: m, prompt: p, stream: false } }
        alerts:
          - { name: P95Breach, for: 0, keep_firing_for: 0 }
          - { name: RunStale, for: 0 }
          - { name: StoreDown, for: 0 }
        """

    private static func loaded() throws -> ExporterConfiguration {
        let loader = ConfigurationLoader(environment: [:], hostName: "test") { _ in "" }
        return try loader.load(configuration, file: "test.yml").configuration
    }

    /// What surrounds the alerts, as a test wants it.
    private final class Exporter: Sendable {
        struct State {
            var now = 1_700_000_000.0
            var isStoreUp = true
            var isSpent = false
            var memories: [AlertMemory] = []
        }
        let state = Mutex(State())
        let clock = ManualClock()
        let log = LogLines()
        let board = AlertBoard()

        var memories: [AlertMemory] { state.withLock(\.memories) }

        func makeAlerts(_ memory: AlertMemory = AlertMemory()) throws -> AlertEvaluation<ManualClock> {
            let log = log
            return AlertEvaluation(
                try AlertEvaluationTests.loaded(),
                memory: memory,
                surroundings: AlertEvaluation.Surroundings(
                    isStoreUp: { self.state.withLock(\.isStoreUp) },
                    undurableRuns: { 0 },
                    isSpent: { _ in self.state.withLock(\.isSpent) },
                    states: {
                        let operation = OperationState(
                            identity: AlertEvaluationTests.identity,
                            objective: AlertEvaluationTests.objective,
                            traits: OperationTraits(),
                            createdAt: 0
                        )
                        return [BenchmarkState(benchmark: "model_response", operations: [operation], epoch: 1)]
                    },
                    remember: { memory in self.state.withLock { $0.memories.append(memory) } }
                ),
                board: board,
                clock: clock,
                wallClock: { self.state.withLock(\.now) },
                logger: Logger(label: "test") { _ in log }
            )
        }

        /// Lets time pass until the next evaluation, and waits for the one after it to be due.
        func pass(_ seconds: Int) async {
            await clock.waitForSleepers()
            state.withLock { $0.now += Double(seconds) }
            clock.advance(by: .seconds(15))
            await clock.waitForSleepers()
        }
    }

    private static func run(failures: Int, of count: Int) -> RunRecord {
        let failed = IterationOutcome(duration: .zero, failure: IterationFailure(.timeout, "late"))
        let iterations = (0..<count).map { $0 < failures ? failed : IterationOutcome(duration: .milliseconds(100)) }
        let operation = OperationRecord(
            identity: identity,
            objective: objective,
            warmupIterations: [],
            iterations: iterations,
            elapsed: .seconds(1)
        )
        return RunRecord(
            benchmark: "model_response",
            outcome: .completed,
            intendedAt: 1_699_999_990,
            completedAt: 1_700_000_000,
            lateness: .zero,
            operations: [operation],
            missedSlots: 2,
            skippedSlots: 1
        )
    }

    @Test("what a run says of an operation")
    func evidence() {
        let run = Self.run(failures: 2, of: 5)
        let evidence = RunEvidence(run.operations[0], of: run)
        let expected = RunEvidence(
            completedAt: 1_700_000_000,
            good: 3,
            slow: 0,
            failed: 2,
            latencyTotal: evidence.latencyTotal,
            lostSlots: 3
        )
        #expect(evidence == expected)
        #expect(abs(evidence.latencyTotal - 0.3) < 1e-9)
    }

    @Test("alerts are judged after a run without a clock, and each transition is logged, shown and remembered once")
    func afterRun() async throws {
        let exporter = Exporter()
        let alerts = try exporter.makeAlerts()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await alerts.run() }
            await alerts.record(Self.run(failures: 5, of: 5))
            await exporter.log.wait(for: "info: alert pending")
            await alerts.record(Self.run(failures: 5, of: 5))
            await exporter.log.wait(for: "warning: alert firing")
            // Read before the alerts, so that no change between the two is waited for in vain.
            var revision = exporter.board.revision
            while !exporter.board.alerts.contains(where: \.isFiring) {
                await exporter.board.change(after: revision)
                revision = exporter.board.revision
            }
            group.cancelAll()
        }
        // The breach, and the success rate, whose `for` is five minutes.
        let phases = exporter.board.alerts.map { "\($0.key.name)" }
        #expect(phases.contains("p95Breach") && phases.contains("successRateLow"))
        #expect(exporter.log.lines.count { $0 == "warning: alert firing" } == 1)
        let memory = try #require(exporter.memories.last)

        let restarted = Exporter()
        _ = try restarted.makeAlerts(try AlertMemory(document: try memory.document()))
        #expect(restarted.board.alerts == exporter.board.alerts)
    }

    @Test("without any run they are judged every 15 s, and what is known is remembered at a shutdown")
    func tick() async throws {
        let exporter = Exporter()
        let alerts = try exporter.makeAlerts()
        let services = ServiceGroup(services: [alerts], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            await exporter.pass(15)
            #expect(exporter.log.lines.isEmpty)
            exporter.state.withLock { $0.isStoreUp = false }
            await exporter.pass(15)
            #expect(exporter.log.lines == ["warning: alert firing"])
            exporter.state.withLock { $0.memories = [] }
            await alerts.record(Self.run(failures: 0, of: 5))
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        #expect(!exporter.memories.isEmpty)
    }

    @Test("a benchmark without budget is not stale, and when the budget is back its silence counts from then on")
    func paused() async throws {
        let exporter = Exporter()
        let alerts = try exporter.makeAlerts()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await alerts.run() }
            exporter.state.withLock { $0.isSpent = true }
            await exporter.pass(600)
            #expect(exporter.board.alerts.map(\.key.name) == [.budgetExhausted])
            exporter.state.withLock { $0.isSpent = false }
            await exporter.pass(15)
            #expect(!exporter.board.alerts.contains { $0.key.name == .runStale })
            await exporter.pass(60)
            #expect(exporter.board.alerts.contains { $0.key.name == .runStale })
            group.cancelAll()
        }
    }

    @Test("a benchmark that is stopped is not stale, and one that is started again has its time")
    func stopped() async throws {
        let exporter = Exporter()
        let alerts = try exporter.makeAlerts()
        await alerts.adopt(try Self.loaded(), unscheduled: ["model_response"])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await alerts.run() }
            await exporter.pass(600)
            #expect(exporter.board.alerts.isEmpty)
            if let configuration = try? Self.loaded() { await alerts.adopt(configuration) }
            await exporter.pass(15)
            #expect(exporter.board.alerts.isEmpty)
            await exporter.pass(60)
            #expect(exporter.board.alerts.map(\.key.name) == [.runStale])
            group.cancelAll()
        }
    }
}

extension ProcessAlert {
    fileprivate var isFiring: Bool {
        if case .firing = phase { true } else { false }
    }
}

@Suite("Board of alerts", .timeLimit(.minutes(1))) struct AlertBoardTests {
    private static let alert = ProcessAlert(
        key: AlertKey(.storeDown),
        severity: .warning,
        phase: .firing(since: 1, clearedAt: nil),
        reason: "a reason"
    )

    @Test("those who wait are woken by other alerts, and not by the same again")
    func change() async {
        let board = AlertBoard()
        board.replace([])
        #expect(board.revision == 0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { await board.change(after: 0) } }
            board.replace([Self.alert])
            await group.waitForAll()
        }
        await board.change(after: 0)
        #expect(board.revision == 1)
    }

    @Test("waiting ends with its task")
    func cancellation() async {
        let board = AlertBoard()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { await board.change(after: 0) } }
            group.cancelAll()
        }
    }
}
