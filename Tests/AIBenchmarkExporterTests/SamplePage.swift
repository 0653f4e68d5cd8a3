import BenchmarkModel
import ExporterTestSupport
import SnapshotStore

@testable import AIBenchmarkExporter

/// Facts as a busy exporter has them, with names and failures of the test's choice.
enum SamplePage {
    static let now = 1_795_516_800.0

    static func facts(
        benchmarks: Int = 3,
        operations: Int = 1,
        name: String = "benchmark",
        detail: String = "status 500 where 200 was expected",
        runs: Int = 40,
        management: String? = nil
    ) -> PageFacts {
        var generator = SeededGenerator(seed: 7)
        let first = benchmark("\(name)0", operations: operations, detail: detail, runs: runs, &generator)
        return PageFacts(
            now: now,
            instance: name,
            telemetryPath: "/metrics",
            benchmarks: (0..<benchmarks).map { number in
                var benchmark = first
                benchmark.name = "\(name)\(number)"
                for index in benchmark.operations.indices {
                    benchmark.operations[index].identity.benchmark = benchmark.name
                }
                return benchmark
            },
            alerts: [
                AlertFacts(
                    name: "P95Breach",
                    severity: .critical,
                    state: .firing,
                    since: now - 90,
                    subject: name,
                    benchmark: "\(name)0",
                    reason: detail
                )
            ],
            budgets: [BudgetFacts(target: name, period: "hour", spent: 1200, limit: 1000)],
            store: StoreFacts(kind: "SQLite", status: StoreStatus()),
            management: management
        )
    }

    static func benchmark(
        _ name: String,
        operations: Int = 1,
        detail: String,
        runs: Int,
        _ generator: inout SeededGenerator
    ) -> BenchmarkFacts {
        let identities = (0..<operations).map { number in
            BenchmarkIdentity(benchmark: name, operation: number == 0 ? name : "\(name)\(number)", target: name)
        }
        let recent = RecentRuns { now }
        var last: RunSummary?
        for number in 0..<runs {
            let ended = now - Double(runs - number) * 60
            let runs = identities.map { identity in
                run(identity, endedAt: ended, failing: number.isMultiple(of: 7), detail: detail, &generator).summary
            }
            last = runs.first
            last?.operations = runs.flatMap(\.operations)
            if let last { recent.add(last) }
        }
        let objective = Objective()
        let finding = finding(.degraded, changedAt: now - 600)
        return BenchmarkFacts(
            name: name,
            category: name,
            probe: "http",
            interval: 60,
            nextRunAt: now + 12,
            operations: identities.map { identity in
                var state = OperationState(identity: identity, objective: objective, traits: .init(), createdAt: now)
                state.histograms.phases[.connect]?.observe(0.04)
                for _ in 0..<2 { state.histograms.phases[.wait]?.observe(0.05) }
                for _ in 0..<2 { state.histograms.phases[.transfer]?.observe(0.01) }
                return OperationFacts(
                    identity: identity,
                    objective: objective,
                    state: state,
                    last: last?.operation(identity),
                    lastRunAt: last?.completedAt,
                    failure: FailureFacts(
                        failure: IterationFailure(.http5xx, detail),
                        traceID: "4bf92f3577b34da6a3ce929d0e0e4736",
                        runEndedAt: now - 60
                    ),
                    timeline: recent[name].plots[identity]?.timeline ?? LatencyTimeline(),
                    finding: finding,
                    marks: [PlotMark(kind: .regression, time: now - 60, text: String(detail.prefix(80)))]
                )
            },
            runs: recent[name].runs
        )
    }

    static func finding(_ state: RegressionState, changedAt: Double) -> RegressionFinding {
        RegressionFinding(
            state: state,
            latency: .degradation,
            failures: nil,
            changedAt: changedAt,
            shift: ShiftRatio(ratio: 2.1, lower: 1.9, upper: 2.4),
            trend: LatencyTrend(slopeRatioPerHour: 0.1, probability: 0.001),
            learnt: 1,
            baseline: LatencyStatistics(ofSorted: [0.05, 0.06, 0.07]),
            baselineSamples: 300
        )
    }

    /// A run of 20 iterations.
    static func run(
        _ identity: BenchmarkIdentity,
        endedAt: Double,
        failing: Bool = false,
        detail: String = "",
        _ generator: inout SeededGenerator
    ) -> RunRecord {
        let iterations = (0..<20).map { number in
            IterationOutcome(
                duration: .milliseconds(Int.random(in: 20...400, using: &generator)),
                failure: failing && number < 3 ? IterationFailure(.http5xx, detail) : nil,
                traceID: "4bf92f3577b34da6a3ce929d0e0e4736"
            )
        }
        return RunRecord(
            benchmark: identity.benchmark,
            outcome: .completed,
            intendedAt: endedAt - 1,
            completedAt: endedAt,
            lateness: .zero,
            operations: [
                OperationRecord(
                    identity: identity,
                    objective: Objective(),
                    warmupIterations: [],
                    iterations: iterations,
                    elapsed: .seconds(1)
                )
            ]
        )
    }
}
