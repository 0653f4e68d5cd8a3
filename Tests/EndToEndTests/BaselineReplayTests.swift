import BenchmarkModel
import ExporterTestSupport
import Foundation
import Logging
import Probing
import Recording
import Testing

@testable import AIBenchmarkExporter
@testable import SnapshotStore

@Suite("baselines across restarts", .timeLimit(.minutes(2))) struct BaselineReplayTests {
    private static let identity = BenchmarkIdentity(benchmark: "a", operation: "get", target: "assistant")
    private static let noon = 1_700_000_000.0
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static let description = BenchmarkDescription(
        benchmark: "a",
        category: .healthCheck,
        probe: "http",
        interval: .seconds(300),
        operations: [
            OperationDescription(
                identity: identity,
                objective: Objective(),
                traits: OperationTraits(),
                targetKind: "http",
                targetEndpoint: "",
                fingerprint: "f"
            )
        ]
    )

    /// Sixty runs as they were meant to be, then slower ones, with a failure now and then.
    private static func runs() -> [RunRecord] {
        var generator = SeededGenerator(seed: 3)
        return (0..<90).map { index in
            let factor = index < 60 ? 1.0 : 2.0
            let iterations = (0..<10).map { iteration in
                let seconds = exp(
                    (0..<4).reduce(0) { sum, _ in sum + Double.random(in: -0.3...0.3, using: &generator) }
                )
                let fails = index % 7 == 3 && iteration == 5
                return IterationOutcome(
                    duration: .nanoseconds(Int64(seconds * factor * 1e8)),
                    failure: fails ? IterationFailure(.timeout, "timed out") : nil
                )
            }
            let record = OperationRecord(
                identity: identity,
                objective: Objective(),
                warmupIterations: [],
                iterations: iterations,
                elapsed: .seconds(1)
            )
            let time = noon + Double(index) * 300
            return RunRecord(
                benchmark: "a",
                outcome: index % 11 == 5 ? .aborted : .completed,
                intendedAt: time,
                completedAt: time + 1,
                lateness: .zero,
                operations: [record]
            )
        }
    }

    private static func recorder(_ restored: [String: BenchmarkState], parts: Int = 1) -> Recorder {
        var description = description
        description.operations[0].baselineParts = parts
        return Recorder(benchmarks: [description], restored: restored, epoch: 1, now: noon)
    }

    private static func record(_ run: RunRecord, in recorder: Recorder) async throws -> BenchmarkState {
        let analysed = await RegressionAnalysis.analyse(run, against: await recorder.baselines(of: "a"))
        let state = try #require(await recorder.prepare(analysed))
        await recorder.adopt(state)
        return state
    }

    @Test(
        "resuming from the store after every run is identical to never having stopped",
        arguments: [
            (1, [.learning, .stable, .degraded]),
            // Midnight comes before 40 runs of either half of the day.
            (2, [.learning]),
        ] as [(Int, [RegressionState])]
    )
    func replay(parts: Int, states: [RegressionState]) async throws {
        let directory = try TemporaryDirectory()
        let steady = Self.recorder([:], parts: parts)
        var found: [RegressionState] = []
        for run in Self.runs() {
            let expected = try await Self.record(run, in: steady)
            let store = SQLiteSnapshotStore(path: directory.file("state.db"), retention: .seconds(1e9)) { Self.noon }
            let resumed = Self.recorder(try await store.restore().states, parts: parts)
            let state = try await Self.record(run, in: resumed)
            #expect(state == expected)
            _ = try await store.commit(CommitBatch(states: [state]))
            await store.close()
            if let finding = state.lastRun?.operation(Self.identity)?.finding, finding.state != found.last {
                found.append(finding.state)
            }
        }
        #expect(found == states)
    }

    @Test("a baseline of another definition is forgotten, and so is what was found against it")
    func fingerprint() async throws {
        let recorder = Self.recorder([:])
        for run in Self.runs() { _ = try await Self.record(run, in: recorder) }
        let state = try #require(await recorder.state(of: "a"))
        #expect(state.operation(Self.identity)?.baseline?.parts[0].state == .degraded)
        var changed = Self.description
        changed.operations[0].fingerprint = "g"
        let next = Recorder(benchmarks: [changed], restored: ["a": state], epoch: 1, now: Self.noon)
        #expect(await next.baselines(of: "a")[Self.identity] == DailyBaseline(fingerprint: "g"))
        #expect(await next.state(of: "a")?.lastRun?.operation(Self.identity)?.finding == nil)
        #expect(await next.state(of: "a")?.version == StateVersion(epoch: 1, sequence: state.sequence + 1))
    }

    @Test("aborted runs and those whose measurement is invalid leave the baseline as it is")
    func invalid() async throws {
        var run = Self.runs()[0]
        let baselines = [Self.identity: DailyBaseline(fingerprint: "f")]
        run.floor = MeasurementFloor(of: [IterationOutcome(duration: .seconds(1))])
        #expect(await RegressionAnalysis.analyse(run, against: baselines).operations[0].baseline == nil)
        run.floor = nil
        #expect(
            await RegressionAnalysis.analyse(run, against: baselines).operations[0].baseline?.parts[0].runs.count == 1
        )
        run.outcome = .aborted
        #expect(await RegressionAnalysis.analyse(run, against: baselines).operations[0].baseline == nil)
    }

    @Test("accepting makes the present level the baseline, stored before it is exposed; resetting forgets it")
    func editor() async throws {
        let recorder = Self.recorder([:])
        for run in Self.runs() { _ = try await Self.record(run, in: recorder) }
        let committed = AsyncStream<BenchmarkState>.makeStream()
        let editor = BaselineEditor(
            recorder: recorder,
            turns: Turns(),
            commit: { state in
                let exposed = await recorder.state(of: "a")?.version
                #expect(exposed.map { $0 < state.version } == true)
                committed.continuation.yield(state)
                return true
            },
            publish: {},
            resets: BaselineResets()
        )
        let accepted = try await editor.apply(.accept, to: ["a", "b"])
        #expect(accepted.unknown == ["b"])
        #expect(accepted.isDurable)
        #expect(accepted.baselines.map(\.outcome) == [.learning])
        var state = try #require(await recorder.state(of: "a"))
        #expect(state.operation(Self.identity)?.baseline?.parts[0].state == .learning)
        #expect(state.operation(Self.identity)?.baseline?.parts[0].runs.isEmpty == false)
        #expect(state.lastRun?.operation(Self.identity)?.finding?.state == .learning)
        let again = try await editor.apply(.accept, to: ["a"])
        var expected = ChangedBaseline(
            benchmark: "a",
            operation: "get",
            target: "assistant",
            outcome: .unchanged,
            learntRatio: try #require(accepted.baselines.first).learntRatio
        )
        #expect(again == BaselineEditor.Outcome(baselines: [expected]))
        (expected.outcome, expected.learntRatio) = (.learning, 0)
        #expect(try await editor.apply(.reset, to: ["a"]) == BaselineEditor.Outcome(baselines: [expected]))
        state = try #require(await recorder.state(of: "a"))
        #expect(state.operation(Self.identity)?.baseline == DailyBaseline(fingerprint: "f"))
        committed.continuation.finish()
        #expect(await committed.stream.reduce(0) { count, _ in count + 1 } == 3)
    }

    @Test("what is reset while the store is away stays reset when it is back, and is stored so")
    func lateReset() async throws {
        let earlier = Self.recorder([:])
        for run in Self.runs() { _ = try await Self.record(run, in: earlier) }
        let known = try #require(await earlier.state(of: "a"))
        let recorder = Self.recorder([:])
        let (turns, resets) = (Turns(), BaselineResets())
        let editor = BaselineEditor(
            recorder: recorder,
            turns: turns,
            commit: { _ in false },
            publish: {},
            resets: resets
        )
        #expect(try await editor.apply(.reset, to: ["a"]).isDurable == false)
        let committed = AsyncStream<BenchmarkState>.makeStream()
        let snapshots = AsyncStream<StoredSnapshot>.makeStream()
        snapshots.continuation.yield(
            StoredSnapshot(states: ["a": known], fence: 1, session: StoreSession(number: 1))
        )
        snapshots.continuation.finish()
        await LateRestore(
            snapshots: snapshots.stream,
            recorder: recorder,
            turns: turns,
            ledger: BudgetLedger(budgets: [:], restored: [], now: { Self.noon }, logger: Self.logger),
            resets: resets,
            commit: { committed.continuation.yield($0) },
            publish: {},
            spending: { _ in [:] },
            takeUp: { _ in },
            logger: Self.logger
        ).run()
        committed.continuation.finish()
        let state = try #require(await recorder.state(of: "a"))
        #expect(state.operation(Self.identity)?.baseline == DailyBaseline(fingerprint: "f"))
        #expect(state.lastRun?.operation(Self.identity)?.finding == nil)
        #expect(state.lastRun?.completedAt == known.lastRun?.completedAt)
        #expect(await committed.stream.reduce(into: []) { $0.append($1) } == [state])
    }
}
