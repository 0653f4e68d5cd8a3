package import BenchmarkModel

/// What a benchmark is, as its metrics say it.
package struct BenchmarkDescription: Hashable, Sendable {
    package var identity: BenchmarkIdentity
    package var category: BenchmarkCategory
    /// The kind of probe, such as `http`.
    package var probe: String
    /// The label `model` of a language model's metrics; `nil` for other probes.
    package var model: String?
    package var objective: Objective
    package var interval: Duration
    /// The kind of target, such as `redis`.
    package var targetKind: String
    /// Where the target is, without credentials.
    package var targetEndpoint: String

    package init(
        identity: BenchmarkIdentity,
        category: BenchmarkCategory,
        probe: String,
        model: String?,
        objective: Objective,
        interval: Duration,
        targetKind: String,
        targetEndpoint: String
    ) {
        self.identity = identity
        self.category = category
        self.probe = probe
        self.model = model
        self.objective = objective
        self.interval = interval
        self.targetKind = targetKind
        self.targetEndpoint = targetEndpoint
    }

    /// A state of this benchmark in which nothing has happened yet.
    func newState(epoch: Int64, now: Double) -> BenchmarkState {
        BenchmarkState(identity: identity, model: model, objective: objective, epoch: epoch, createdAt: now)
    }

    /// `state` as far as it still fits: `nil` where the labels differ, with new histograms where their boundaries do.
    ///
    /// New histograms make it a later state, or a store would go on believing in the old ones.
    func adapting(_ state: BenchmarkState, now: Double) -> BenchmarkState? {
        guard state.identity == identity, state.model == model else { return nil }
        var adapted = state
        let fresh = BenchmarkHistograms(objective: objective, forLanguageModel: model != nil, createdAt: now)
        if !state.histograms.hasShape(of: fresh) {
            adapted.histograms = fresh
            adapted.sequence += 1
        }
        return adapted
    }
}

extension BenchmarkState {
    /// A state whose counters and histograms begin at zero, with the last run and the phase of the schedule of this one.
    func beginningAnew(epoch: Int64, now: Double) -> Self {
        var state = Self(
            identity: identity,
            model: model,
            objective: lastRun?.objective ?? Objective(),
            epoch: epoch,
            createdAt: now
        )
        state.lastRun = lastRun
        state.lastSuccessAt = lastSuccessAt
        state.lastIntendedAt = lastIntendedAt
        return state
    }
}
