package import BenchmarkModel

/// What a benchmark is, as its metrics say it.
package struct BenchmarkDescription: Hashable, Sendable {
    /// The name of the benchmark.
    package var benchmark: String
    package var category: BenchmarkCategory
    /// The kind of probe, such as `http`.
    package var probe: String
    /// `nil` while the benchmark is not run on schedule.
    package var interval: Duration?
    /// At least one; no two have the same labels.
    package var operations: [OperationDescription]

    package init(
        benchmark: String,
        category: BenchmarkCategory,
        probe: String,
        interval: Duration?,
        operations: [OperationDescription]
    ) {
        self.benchmark = benchmark
        self.category = category
        self.probe = probe
        self.interval = interval
        self.operations = operations
    }

    /// A state of this benchmark in which nothing has happened yet.
    func newState(epoch: Int64, now: Double) -> BenchmarkState {
        let states = operations.map { $0.newState(now: now) }
        return BenchmarkState(benchmark: benchmark, operations: states, epoch: epoch)
    }

    /// `state` as far as it still fits: operations whose labels it does not know begin at zero, and histograms with other
    /// boundaries begin anew.
    ///
    /// Either makes it a later state, or a store would go on believing in the old one.
    func adapting(_ state: BenchmarkState, now: Double) -> BenchmarkState {
        var adapted = state
        adapted.operations = operations.map { operation in
            state.operation(operation.identity).flatMap { operation.adapting($0, now: now) }
                ?? operation.newState(now: now)
        }
        for operation in operations where state.operation(operation.identity)?.baseline != nil {
            // What was found against a baseline that is gone is no longer so.
            guard adapted.operation(operation.identity)?.baseline == nil else { continue }
            adapted.lastRun?.forgetFinding(of: operation.identity)
        }
        if adapted != state { adapted.sequence += 1 }
        return adapted
    }
}

/// What one operation of a benchmark is, as its metrics say it.
package struct OperationDescription: Hashable, Sendable {
    package var identity: BenchmarkIdentity
    package var objective: Objective
    package var traits: OperationTraits
    /// The kind of target, such as `redis`.
    package var targetKind: String
    /// Where the target is, without credentials.
    package var targetEndpoint: String
    /// Of what is asked, and of whom: a baseline of another one says nothing.
    package var fingerprint: String
    /// Into how many parts of the day its baseline is cut; at least 1.
    package var baselineParts: Int

    package init(
        identity: BenchmarkIdentity,
        objective: Objective,
        traits: OperationTraits,
        targetKind: String,
        targetEndpoint: String,
        fingerprint: String = "",
        baselineParts: Int = 1
    ) {
        self.identity = identity
        self.objective = objective
        self.traits = traits
        self.targetKind = targetKind
        self.targetEndpoint = targetEndpoint
        self.fingerprint = fingerprint
        self.baselineParts = baselineParts
    }

    /// A baseline that has learnt nothing yet.
    var newBaseline: DailyBaseline { DailyBaseline(fingerprint: fingerprint, parts: baselineParts) }

    fileprivate func newState(now: Double) -> OperationState {
        OperationState(identity: identity, objective: objective, traits: traits, createdAt: now)
    }

    /// `state` with histograms that have the boundaries of this operation; `nil` where its series have other labels.
    fileprivate func adapting(_ state: OperationState, now: Double) -> OperationState? {
        guard state.model == traits.model else { return nil }
        var adapted = state
        let fresh = BenchmarkHistograms(objective: objective, traits: traits, createdAt: now)
        if !state.histograms.hasShape(of: fresh) { adapted.histograms = fresh }
        if state.baseline?.fingerprint != fingerprint || state.baseline?.parts.count != baselineParts {
            adapted.baseline = nil
        }
        return adapted
    }
}

extension BenchmarkState {
    /// A state whose counters and histograms begin at zero, with the last run, the baselines, the phase of the
    /// schedule and the spending of this one.
    func beginningAnew(epoch: Int64, now: Double) -> Self {
        let fresh = operations.map { operation in
            var state = OperationState(
                identity: operation.identity,
                objective: lastRun?.operation(operation.identity)?.objective ?? Objective(),
                traits: operation.traits,
                createdAt: now
            )
            state.lastSuccessAt = operation.lastSuccessAt
            state.baseline = operation.baseline
            return state
        }
        var state = Self(benchmark: benchmark, operations: fresh, epoch: epoch)
        state.lastRun = lastRun
        state.lastIntendedAt = lastIntendedAt
        state.spending = spending
        return state
    }
}

extension OperationState {
    fileprivate var traits: OperationTraits {
        OperationTraits(
            model: model,
            isOpenLoop: histograms.response != nil,
            waitsForVisibility: histograms.visibilityLag != nil
        )
    }
}

extension RunSummary {
    fileprivate mutating func forgetFinding(of identity: BenchmarkIdentity) {
        for index in operations.indices where operations[index].identity == identity {
            operations[index].finding = nil
        }
    }
}
