import BenchmarkModel
import ExporterTestSupport

extension RunSummary {
    /// A run of `benchmark` that ended at `completedAt`, with one good iteration.
    static func sample(_ benchmark: String, completedAt: Double = 1_700_000_000) -> RunSummary {
        RunRecord(
            benchmark: benchmark,
            outcome: .completed,
            intendedAt: completedAt - 1,
            completedAt: completedAt,
            lateness: .zero,
            operations: [
                OperationRecord(
                    identity: BenchmarkIdentity(benchmark: benchmark, operation: "get", target: "cache"),
                    objective: Objective(),
                    warmupIterations: [],
                    iterations: [IterationOutcome(duration: .milliseconds(20))],
                    elapsed: .milliseconds(20)
                )
            ]
        ).summary
    }
}

extension BenchmarkState {
    /// The state of `benchmark` after `sequence` runs of one good iteration each.
    static func sample(_ benchmark: String, epoch: Int64 = 1, sequence: Int64) -> BenchmarkState {
        var operation = OperationState(
            identity: BenchmarkIdentity(benchmark: benchmark, operation: "get", target: "cache"),
            objective: Objective(),
            traits: OperationTraits(),
            createdAt: 1_700_000_000
        )
        operation.iterations[.good] = UInt64(sequence)
        var state = BenchmarkState(benchmark: benchmark, operations: [operation], epoch: epoch)
        state.sequence = sequence
        return state
    }

    /// Any state that a recorder can have written, with all its parts.
    static func random(_ benchmark: String, using generator: inout SeededGenerator) -> BenchmarkState {
        let identities = ["stream", "append"].map {
            BenchmarkIdentity(benchmark: benchmark, operation: $0, target: "assistant \"ü\"\n")
        }
        let objective = Objective(
            metric: .duration,
            statistic: ObjectiveStatistic.allCases.randomElement(using: &generator) ?? .p95,
            target: .nanoseconds(Int64.random(in: 1...60_000_000_000, using: &generator)),
            errorRatio: Double.random(in: 0...1, using: &generator)
        )
        let operations = identities.map { OperationState.random($0, objective, using: &generator) }
        var state = BenchmarkState(
            benchmark: benchmark,
            operations: operations,
            epoch: Int64.random(in: 0..<1 << 53, using: &generator)
        )
        state.sequence = Int64.random(in: 0..<1 << 53, using: &generator)
        state.lastRun = RunSummary.random(identities, objective, using: &generator)
        state.lastIntendedAt = Double.random(in: 0..<1e10, using: &generator)
        return state
    }
}

extension OperationState {
    fileprivate static func random(
        _ identity: BenchmarkIdentity,
        _ objective: Objective,
        using generator: inout SeededGenerator
    ) -> OperationState {
        let traits = OperationTraits(
            model: Bool.random(using: &generator) ? "smollm2" : nil,
            isOpenLoop: Bool.random(using: &generator),
            waitsForVisibility: Bool.random(using: &generator)
        )
        let createdAt = Double.random(in: 0..<1e10, using: &generator)
        var state = OperationState(identity: identity, objective: objective, traits: traits, createdAt: createdAt)
        func count() -> UInt64 { UInt64.random(in: 0..<1 << 53, using: &generator) }
        for result in IterationResult.allCases { state.iterations[result] = count() }
        for reason in FailureReason.allCases where Bool.random(using: &generator) { state.failures[reason] = count() }
        for outcome in RunOutcome.allCases { state.runs[outcome] = count() }
        for kind in TokenKind.allCases { state.tokens[.usage, default: [:]][kind] = count() }
        state.warmupIterations = count()
        for _ in 0..<50 {
            let seconds = Double.random(in: 0...100, using: &generator)
            state.histograms.duration.observe(seconds)
            state.histograms.response?.observe(seconds)
            state.histograms.lateness.observe(seconds / 1_000)
            state.histograms.visibilityLag?.observe(seconds / 10)
            state.histograms.phases[.wait]?.observe(seconds / 2)
            state.histograms.languageModel?.interToken.observe(seconds / 100, times: 3)
        }
        if Bool.random(using: &generator) { state.lastSuccessAt = Double.random(in: 0..<1e10, using: &generator) }
        return state
    }
}

extension RunSummary {
    /// A run with failures, so that some of its figures are infinite.
    fileprivate static func random(
        _ identities: [BenchmarkIdentity],
        _ objective: Objective,
        using generator: inout SeededGenerator
    ) -> RunSummary {
        let iterations = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
            IterationOutcome(
                duration: .nanoseconds(Int64.random(in: 1...10_000_000_000, using: &generator)),
                failure: Bool.random(using: &generator) ? IterationFailure(.http5xx, "503 \u{1F980}\u{0}") : nil,
                traceID: "4bf92f3577b34da6a3ce929d0e0e4736"
            )
        }
        return RunRecord(
            benchmark: identities[0].benchmark,
            outcome: .completed,
            intendedAt: Double.random(in: 0..<1e10, using: &generator),
            completedAt: Double.random(in: 0..<1e10, using: &generator),
            lateness: .zero,
            operations: identities.map { identity in
                OperationRecord(
                    identity: identity,
                    objective: objective,
                    warmupIterations: [],
                    iterations: iterations,
                    elapsed: .milliseconds(Int.random(in: 0...10_000, using: &generator))
                )
            },
            floor: MeasurementFloor(of: [IterationOutcome(duration: .seconds(7))]),
            load: LoadFigures(peakInFlight: 8, efficiency: 0.875)
        ).summary
    }
}
