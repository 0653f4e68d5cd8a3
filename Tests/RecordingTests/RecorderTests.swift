import BenchmarkModel
import Recording
import Testing

@Suite(.timeLimit(.minutes(1))) struct RecorderTests {
    @Test("every series that can appear is there at zero before the first run, and no gauge of a run is")
    func initialSeries() async {
        let snapshot = await Self.recorder().snapshot()
        for name in ["iterations_total", "failures_total", "runs_total", "llm_tokens_total", "duration_seconds"] {
            let family = snapshot.families.first { $0.name == "ai_benchmark_" + name }
            #expect(family?.series.isEmpty == false)
            #expect(family?.series.allSatisfy { $0.value.isZero } == true)
        }
        #expect(Self.value(snapshot, "iterations_total", ["result": "failed"]) == 0)
        #expect(Self.value(snapshot, "failures_total", ["reason": "http_5xx"]) == 0)
        #expect(!snapshot.families.contains { $0.name.hasPrefix("ai_benchmark_run_") && $0.type == .gauge })
    }

    @Test("a prepared run is exposed when it is adopted, not before")
    func prepareAndAdopt() async throws {
        let recorder = Self.recorder()
        let state = try #require(await recorder.prepare(Self.run(.seconds(1), .milliseconds(20))))
        #expect(Self.value(await recorder.snapshot(), "iterations_total", ["result": "good"]) == 0)
        let before = await recorder.snapshot().revision
        await recorder.adopt(state)
        let snapshot = await recorder.snapshot()
        #expect(Self.value(snapshot, "iterations_total", ["result": "good"]) == 1)
        #expect(Self.value(snapshot, "iterations_total", ["result": "slow"]) == 1)
        #expect(Self.value(snapshot, "run_grade", ["grade": "fail"]) == 1)
        #expect(Self.value(snapshot, "run_grade", ["grade": "pass"]) == 0)
        #expect(Self.value(snapshot, "run_latency_seconds", ["statistic": "max"]) == 1)
        #expect(snapshot.revision > before)
    }

    @Test("a state that is not newer than the exposed one changes nothing")
    func staleAdoption() async throws {
        let recorder = Self.recorder()
        let first = try #require(await recorder.prepare(Self.run(.milliseconds(1))))
        await recorder.adopt(first)
        let second = try #require(await recorder.prepare(Self.run(.milliseconds(1))))
        await recorder.adopt(second)
        await recorder.adopt(first)
        #expect(Self.value(await recorder.snapshot(), "iterations_total", ["result": "good"]) == 2)
    }

    @Test("failures, warm-up, tokens and slots are counted where they belong")
    func counting() async throws {
        let recorder = Self.recorder()
        var run = Self.run(.milliseconds(5))
        run.operations[0].warmupIterations = [Self.iteration(tokens: 3), Self.iteration(tokens: 4)]
        run.operations[0].iterations = [
            Self.iteration(tokens: 10),
            IterationOutcome(duration: .seconds(2), failure: IterationFailure(.timeout, "timed out")),
        ]
        run.missedSlots = 2
        run.skippedSlots = 3
        let state = try #require(await recorder.prepare(run))
        await recorder.adopt(state)
        let snapshot = await recorder.snapshot()
        #expect(Self.value(snapshot, "warmup_iterations_total") == 2)
        #expect(Self.value(snapshot, "failures_total", ["reason": "timeout"]) == 1)
        #expect(Self.value(snapshot, "iterations_total", ["result": "failed"]) == 1)
        #expect(Self.value(snapshot, "llm_tokens_total", ["kind": "output", "source": "usage"]) == 17)
        #expect(Self.value(snapshot, "runs_total", ["outcome": "missed"]) == 2)
        #expect(Self.value(snapshot, "runs_total", ["outcome": "skipped_overlap"]) == 3)
        #expect(Self.value(snapshot, "runs_total", ["outcome": "completed"]) == 1)
        #expect(Self.histogram(snapshot, "duration_seconds")?.count == 1)
        #expect(Self.histogram(snapshot, "run_lateness_seconds")?.count == 1)
    }

    @Test("an aborted run counts its iterations and leaves the last run as it was")
    func aborted() async throws {
        let recorder = Self.recorder()
        var run = Self.run(.milliseconds(5))
        run.outcome = .aborted
        await recorder.adopt(try #require(await recorder.prepare(run)))
        let snapshot = await recorder.snapshot()
        #expect(Self.value(snapshot, "runs_total", ["outcome": "aborted"]) == 1)
        #expect(Self.value(snapshot, "iterations_total", ["result": "good"]) == 1)
        #expect(Self.value(snapshot, "run_samples") == nil)
    }

    @Test(
        "a run that the budget kept from beginning is counted, with what was spent, and leaves the last run as it was"
    )
    func skippedForBudget() async throws {
        let recorder = Self.recorder()
        await recorder.adopt(try #require(await recorder.prepare(Self.run(.milliseconds(5)))))
        var run = Self.run()
        run.outcome = .skippedBudget
        run.spending = ["assistant": TokenSpending(at: 1000)]
        let state = try #require(await recorder.prepare(run))
        await recorder.adopt(state)
        #expect(state.spending == run.spending)
        let snapshot = await recorder.snapshot()
        #expect(Self.value(snapshot, "runs_total", ["outcome": "skipped_budget"]) == 1)
        #expect(Self.value(snapshot, "runs_total", ["outcome": "completed"]) == 1)
        #expect(Self.value(snapshot, "iterations_total", ["result": "good"]) == 1)
        #expect(Self.value(snapshot, "run_samples") == 1)
        #expect(Self.histogram(snapshot, "run_lateness_seconds")?.count == 1)
    }

    @Test("an invalid run counts like any other, and says that it is invalid")
    func validity() async throws {
        let recorder = Self.recorder()
        var run = Self.run(.milliseconds(5))
        run.floor = MeasurementFloor(of: [IterationOutcome(duration: .milliseconds(31))])
        await recorder.adopt(try #require(await recorder.prepare(run)))
        #expect(Self.value(await recorder.snapshot(), "run_valid") == 0)
        #expect(Self.value(await recorder.snapshot(), "iterations_total", ["result": "good"]) == 1)
        run.floor = MeasurementFloor(of: [IterationOutcome(duration: .milliseconds(30))])
        await recorder.adopt(try #require(await recorder.prepare(run)))
        #expect(Self.value(await recorder.snapshot(), "run_valid") == 1)
        run.floor = nil
        await recorder.adopt(try #require(await recorder.prepare(run)))
        #expect(Self.value(await recorder.snapshot(), "run_valid") == nil)
    }

    @Test("how a run loaded its target is shown as far as it is known")
    func load() async throws {
        let recorder = Self.recorder()
        var run = Self.run(.milliseconds(5))
        run.load = LoadFigures(peakInFlight: 40)
        await recorder.adopt(try #require(await recorder.prepare(run)))
        #expect(Self.value(await recorder.snapshot(), "run_peak_in_flight") == 40)
        #expect(Self.value(await recorder.snapshot(), "run_efficiency_ratio") == nil)
        run.load?.efficiency = 0.75
        await recorder.adopt(try #require(await recorder.prepare(run)))
        #expect(Self.value(await recorder.snapshot(), "run_efficiency_ratio") == 0.75)
        run.load = nil
        await recorder.adopt(try #require(await recorder.prepare(run)))
        #expect(Self.value(await recorder.snapshot(), "run_peak_in_flight") == nil)
    }

    @Test("restored counters continue, and a restart changes no value")
    func restored() async throws {
        let recorder = Self.recorder()
        let state = try #require(await recorder.prepare(Self.run(.milliseconds(5), .milliseconds(6))))
        await recorder.adopt(state)
        let restarted = Self.recorder(restored: ["chat": state])
        #expect(await restarted.snapshot().families == recorder.snapshot().families)
        #expect(await restarted.state(of: "chat")?.lastIntendedAt == 1000)
    }

    @Test(
        "of a state that cannot be proved the counters begin at zero, and the last run, the schedule and the spending stay"
    )
    func unproved() async throws {
        var state = try #require(await Self.recorder().prepare(Self.run(.milliseconds(5), .milliseconds(6))))
        state.spending = ["assistant": TokenSpending(at: 1000)]
        let recorder = Recorder(
            benchmarks: [Self.description()],
            restored: [:],
            unproved: ["chat": state],
            epoch: 8,
            now: 9
        )
        let snapshot = await recorder.snapshot()
        #expect(Self.value(snapshot, "iterations_total", ["result": "good"]) == 0)
        #expect(Self.histogram(snapshot, "duration_seconds")?.count == 0)
        #expect(Self.value(snapshot, "run_samples") == 2)
        #expect(await recorder.state(of: "chat")?.lastIntendedAt == 1000)
        #expect(await recorder.state(of: "chat")?.spending == state.spending)
        #expect(await recorder.exposedStates().first?.version == StateVersion(epoch: 8, sequence: 0))
    }

    @Test("an edited objective begins the histograms anew and keeps the counters")
    func editedObjective() async throws {
        let recorder = Self.recorder()
        let state = try #require(await recorder.prepare(Self.run(.milliseconds(5))))
        let edited = Self.description(objective: Objective(target: .milliseconds(123)))
        let restarted = Self.recorder([edited], restored: ["chat": state])
        let snapshot = await restarted.snapshot()
        #expect(Self.histogram(snapshot, "duration_seconds")?.count == 0)
        #expect(Self.histogram(snapshot, "duration_seconds")?.boundaries.upperBounds.contains(0.123) == true)
        #expect(Self.value(snapshot, "iterations_total", ["result": "good"]) == 1)
        #expect(await restarted.state(of: "chat")?.version == StateVersion(epoch: 7, sequence: state.sequence + 1))
    }

    @Test("a benchmark with other labels begins at zero")
    func otherLabels() async throws {
        let state = try #require(await Self.recorder().prepare(Self.run(.milliseconds(5))))
        var moved = Self.description()
        moved.operations[0].identity.target = "elsewhere"
        let recorder = Self.recorder([moved], restored: ["chat": state])
        #expect(Self.value(await recorder.snapshot(), "iterations_total", ["result": "good"]) == 0)
        #expect(Self.value(await recorder.snapshot(), "runs_total", ["outcome": "completed"]) == 0)
        #expect(await recorder.state(of: "chat")?.version == StateVersion(epoch: 7, sequence: state.sequence + 1))
    }

    @Test("each operation of a benchmark has its own series, and the traits say which histograms are among them")
    func operations() async throws {
        var description = Self.description()
        description.operations = [
            Self.operation("append", OperationTraits()),
            Self.operation("read", OperationTraits(isOpenLoop: true, waitsForVisibility: true)),
        ]
        let recorder = Self.recorder([description])
        var run = Self.run(.milliseconds(5))
        let lagging = IterationOutcome(
            duration: .milliseconds(7),
            responseTime: .milliseconds(9),
            visibilityLag: .milliseconds(40)
        )
        run.operations = [
            Self.record([IterationOutcome(duration: .milliseconds(5))], of: "append"),
            Self.record([lagging, lagging], of: "read"),
        ]
        await recorder.adopt(try #require(await recorder.prepare(run)))
        let snapshot = await recorder.snapshot()
        for (operation, count) in [("append", 1.0), ("read", 2.0)] {
            #expect(Self.value(snapshot, "iterations_total", ["operation": operation, "result": "good"]) == count)
            #expect(Self.value(snapshot, "runs_total", ["operation": operation, "outcome": "completed"]) == 1)
            #expect(Self.value(snapshot, "run_samples", ["operation": operation]) == count)
        }
        for name in ["response_seconds", "visibility_lag_seconds"] {
            let family = snapshot.families.first { $0.name == "ai_benchmark_" + name }
            #expect(family?.series.count == 1)
            #expect(Self.histogram(snapshot, name)?.count == 2)
        }
    }

    @Test("an operation that is added begins at zero, and those that stay go on")
    func addedOperation() async throws {
        let state = try #require(await Self.recorder().prepare(Self.run(.milliseconds(5))))
        var description = Self.description()
        description.operations.append(Self.operation("unary", OperationTraits(model: "m")))
        let recorder = Self.recorder([description], restored: ["chat": state])
        let snapshot = await recorder.snapshot()
        #expect(Self.value(snapshot, "runs_total", ["operation": "stream", "outcome": "completed"]) == 1)
        #expect(Self.value(snapshot, "runs_total", ["operation": "unary", "outcome": "completed"]) == 0)
        #expect(await recorder.state(of: "chat")?.version == StateVersion(epoch: 7, sequence: state.sequence + 1))
    }

    @Test("a reload keeps the state of benchmarks that stay and takes the series of the others away")
    func replacement() async throws {
        var other = Self.description()
        other.benchmark = "other"
        other.operations[0].identity.benchmark = "other"
        let recorder = Self.recorder([Self.description(), other])
        await recorder.adopt(try #require(await recorder.prepare(Self.run(.milliseconds(5)))))
        await recorder.replaceBenchmarks([Self.description()], epoch: 9, now: 9)
        let snapshot = await recorder.snapshot()
        #expect(Self.value(snapshot, "iterations_total", ["result": "good"]) == 1)
        let names = snapshot.families.flatMap(\.series).flatMap(\.labels.labels).filter { $0.name == "benchmark" }
        #expect(Set(names.map(\.value)) == ["chat"])
        #expect(await recorder.prepare(Self.run(.milliseconds(5), benchmark: "other")) == nil)
    }

    @Test("benchmarks beyond the limit of series are refused whole and counted")
    func seriesLimit() async {
        let descriptions = (0..<10).map { index in
            var description = Self.description()
            description.benchmark = "b\(index)"
            description.operations[0].identity.benchmark = "b\(index)"
            return description
        }
        let recorder = Recorder(benchmarks: descriptions, restored: [:], epoch: 1, now: 1, seriesLimit: 1000)
        let snapshot = await recorder.snapshot()
        let exposed = await recorder.exposedStates().count
        #expect((1..<10).contains(exposed))
        #expect((Self.value(snapshot, "exporter_series_refused_total") ?? 0) > 0)
    }

    @Test("the catalog names every family once, with its unit")
    func catalog() {
        let names = MetricCatalog.all.map(\.name)
        #expect(Set(names).count == names.count)
        for descriptor in MetricCatalog.all {
            #expect((descriptor.type == .counter) == descriptor.name.hasSuffix("_total"))
            #expect(descriptor.help.hasSuffix("."))
            if descriptor.type == .histogram { #expect(descriptor.name.hasSuffix("_seconds")) }
        }
    }

    @Test("every series has just the labels that the catalog says, in that order")
    func labels() async throws {
        let recorder = Self.recorder()
        await recorder.adopt(try #require(await recorder.prepare(Self.run(.milliseconds(5)))))
        let descriptors = Dictionary(uniqueKeysWithValues: MetricCatalog.all.map { ($0.name, $0) })
        for family in await recorder.snapshot().families {
            let descriptor = try #require(descriptors[family.name])
            for series in family.series {
                #expect(series.labels.labels.map(\.name) == descriptor.labels)
            }
        }
    }

    static func description(objective: Objective = Objective()) -> BenchmarkDescription {
        BenchmarkDescription(
            benchmark: "chat",
            category: .modelResponse,
            probe: "chat_completion",
            interval: .seconds(60),
            operations: [operation("stream", OperationTraits(model: "m"), objective)]
        )
    }

    private static func operation(
        _ name: String,
        _ traits: OperationTraits,
        _ objective: Objective = Objective()
    ) -> OperationDescription {
        OperationDescription(
            identity: BenchmarkIdentity(benchmark: "chat", operation: name, target: "assistant"),
            objective: objective,
            traits: traits,
            targetKind: "http",
            targetEndpoint: "http://127.0.0.1:8000"
        )
    }

    static func recorder(
        _ benchmarks: [BenchmarkDescription] = [description()],
        restored: [String: BenchmarkState] = [:]
    ) -> Recorder {
        Recorder(benchmarks: benchmarks, restored: restored, epoch: 7, now: 5)
    }

    private static func iteration(tokens: Int) -> IterationOutcome {
        let counted = TokenCount(kind: .output, source: .usage, count: tokens)
        return IterationOutcome(
            duration: .milliseconds(5),
            phases: [.wait: .milliseconds(3)],
            languageModel: LanguageModelMeasurement(timeToFirstToken: .milliseconds(3), tokens: [counted])
        )
    }

    static func run(_ durations: Duration..., benchmark: String = "chat") -> RunRecord {
        RunRecord(
            benchmark: benchmark,
            outcome: .completed,
            intendedAt: 1000,
            completedAt: 1002,
            lateness: .milliseconds(1),
            operations: [record(durations.map { IterationOutcome(duration: $0) }, of: "stream", benchmark: benchmark)]
        )
    }

    private static func record(
        _ iterations: [IterationOutcome],
        of operation: String,
        benchmark: String = "chat"
    ) -> OperationRecord {
        OperationRecord(
            identity: BenchmarkIdentity(benchmark: benchmark, operation: operation, target: "assistant"),
            objective: Objective(),
            warmupIterations: [],
            iterations: iterations,
            elapsed: .seconds(2)
        )
    }

    private static func series(_ snapshot: MetricSnapshot, _ name: String, _ labels: [String: String]) -> MetricSeries?
    {
        snapshot.families.first { $0.name == "ai_benchmark_" + name }?.series.first { series in
            labels.allSatisfy { label in
                series.labels.labels.contains { $0.name == label.key && $0.value == label.value }
            }
        }
    }

    private static func value(_ snapshot: MetricSnapshot, _ name: String, _ labels: [String: String] = [:]) -> Double? {
        guard case .number(let value) = series(snapshot, name, labels)?.value else { return nil }
        return value
    }

    private static func histogram(_ snapshot: MetricSnapshot, _ name: String) -> Histogram? {
        guard case .histogram(let histogram) = series(snapshot, name, [:])?.value else { return nil }
        return histogram
    }
}

extension MetricValue {
    fileprivate var isZero: Bool {
        switch self {
        case .number(let value): value == 0
        case .histogram(let histogram): histogram.count == 0 && histogram.sum == 0
        }
    }
}
