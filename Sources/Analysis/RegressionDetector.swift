package import BenchmarkModel

/// Whether a benchmark has become worse or better than its baseline: pure, all that it remembers is in the state.
///
/// A frozen baseline, run scores from ranks (`RunScore.swift`) and Page's charts on them (`ChangeEvidence+Page.swift`).
/// docs/regression.md explains the method and has its measured error rates.
package enum RegressionDetector {
    /// The number of runs that a baseline is learnt from, at least.
    ///
    /// As many as a baseline takes are also kept of the last runs beside it, so that they can become one.
    package static let baselineRuns = 40
    /// The number of values that a baseline has, at least.
    package static let baselineValues = 400
    /// A smaller ratio of medians than this, or than its inverse, is nobody's concern, however certain it is.
    static let leastRatio = 1.05
    /// What the shift ratio is of while there is no change.
    private static let presentRuns = 10

    /// Takes in a run and says where the benchmark then stands.
    ///
    /// `successes` are latencies in seconds in any order, `completedAt` is in seconds since 1970. Invalid and aborted runs
    /// are for the caller to leave out. Latencies that are negative or not finite are ignored, and so is a run without
    /// iterations.
    package static func observe(
        successes: [Double],
        failures: Int,
        at completedAt: Double,
        state: inout BaselineState
    ) -> RegressionFinding {
        record(successes: successes, failures: failures, at: completedAt, in: &state)
        return finding(of: state)
    }

    /// What a state says about its benchmark.
    package static func finding(of state: BaselineState) -> RegressionFinding {
        let changes = [state.latency.change, state.failures.change].compactMap(\.self)
        let known = state.runs.reduce(0) { $0 + $1.values.count }
        let learnt = min(Double(state.runs.count) / Double(baselineRuns), Double(known) / Double(baselineValues))
        return RegressionFinding(
            state: state.state,
            latency: state.latency.change?.direction,
            failures: state.failures.change?.direction,
            changedAt: changes.map(\.startedAt).min(),
            shift: state.level.flatMap { level in
                let present = values(of: state, last: state.latency.change?.observations ?? presentRuns)
                return present.isEmpty ? nil : ShiftRatio(of: present, to: level.values, deviation: level.deviation)
            },
            trend: LatencyTrend(of: state.medians),
            learnt: state.level == nil ? min(1, learnt) : 1,
            baseline: state.level?.latency,
            baselineSamples: state.samples
        )
    }

    /// Takes in a run, as `observe` does.
    package static func record(
        successes: [Double],
        failures: Int,
        at completedAt: Double,
        in state: inout BaselineState
    ) {
        let sorted = successes.filter(BaselineState.Limit.isLatency).prefix(BaselineState.Limit.count).sorted()
        let failures = min(max(failures, 0), BaselineState.Limit.count)
        guard !sorted.isEmpty || failures > 0 else { return }
        let last = state.medians.last?.completedAt ?? 0
        // A clock that shows no time is as good as one that stands still.
        let completedAt = BaselineState.Limit.isTime(completedAt) ? completedAt : last
        if !sorted.isEmpty {
            // After a clock was set back, nothing is known about the time between the runs before and after.
            if completedAt < last { state.medians = [] }
            let median = NearestRank.percentile(50, ofSorted: sorted)
            state.medians.append(RunMedian(completedAt: completedAt, seconds: median))
            state.medians.removeFirst(max(0, state.medians.count - BaselineState.Limit.medians))
        }
        if let level = state.level {
            watchFailures(failures, successes: sorted.count, at: completedAt, against: level, in: &state.failures)
            guard !sorted.isEmpty else { return }
            state.runs.append(BaselineRun(completedAt: completedAt, successes: sorted, failures: failures))
            dropSurplus(of: &state.runs)
            watchLatency(against: level, in: &state)
        } else {
            learn(successes: sorted, failures: failures, at: completedAt, in: &state)
        }
    }

    /// Makes the present level the baseline: what came before the last change is forgotten, and learning goes on from there.
    ///
    /// As many of the last runs are known as a baseline takes; a change that has lasted for as long is accepted at once, if it
    /// is steady. While a baseline is being learnt there is none to replace, and nothing is changed.
    package static func accept(_ state: inout BaselineState) {
        guard state.level != nil else { return }
        let known = state.latency.change?.observations ?? state.runs.count
        // While failures abound, only iterations are counted and not runs: their runs are told by time.
        let since = state.failures.change?.startedAt ?? 0
        state.level = nil
        state.latency = ChangeWatch()
        state.failures = ChangeWatch()
        state.runs = state.runs.suffix(known).filter { $0.completedAt >= since }
        freezeIfSteady(&state)
    }

    /// Forgets everything and learns anew.
    package static func reset(_ state: inout BaselineState) {
        state = BaselineState(fingerprint: state.fingerprint)
    }
}

// MARK: - Learning

extension RegressionDetector {
    private static func learn(
        successes: [Double],
        failures: Int,
        at completedAt: Double,
        in state: inout BaselineState
    ) {
        guard !successes.isEmpty else {
            // A run without a success has no latency to learn from; its failures count with the run before it.
            guard let last = state.runs.indices.last else { return }
            state.runs[last].failures = min(BaselineState.Limit.count, state.runs[last].failures + failures)
            return
        }
        state.runs.append(BaselineRun(completedAt: completedAt, successes: successes, failures: failures))
        freezeIfSteady(&state)
    }

    /// Freezes the runs when they are enough and keep their level; else they slide on.
    private static func freezeIfSteady(_ state: inout BaselineState) {
        dropSurplus(of: &state.runs)
        let values = state.runs.reduce(0) { $0 + $1.values.count }
        guard state.runs.count >= baselineRuns, values >= baselineValues,
            let first = state.runs.first, let last = state.runs.last
        else { return }
        let sorted = state.runs.flatMap(\.values).sorted()
        let scores = state.runs.map { BaselineLevel.score(of: $0, among: sorted) }
        // The one test sees steps well and drifts badly, the other the other way round.
        guard !RestlessnessTest.isRestless(scores), !LatencyTrend.isTrend(scores) else { return }
        state.level = BaselineLevel(
            values: sorted,
            deviation: max(1, LongRunDeviation.of(scores)),
            runs: state.runs.count,
            successes: state.runs.reduce(0) { min(BaselineState.Limit.count, $0 + $1.successes) },
            failures: state.runs.reduce(0) { min(BaselineState.Limit.count, $0 + $1.failures) },
            startedAt: first.completedAt,
            completedAt: last.completedAt
        )
    }

    /// Lets the oldest runs go that a baseline does without; what is left are at most 400, as each has a value.
    private static func dropSurplus(of runs: inout [BaselineRun]) {
        var values = runs.reduce(0) { $0 + $1.values.count }
        var surplus = 0
        while runs.count - surplus > baselineRuns, values - runs[surplus].values.count >= baselineValues {
            values -= runs[surplus].values.count
            surplus += 1
        }
        runs.removeFirst(surplus)
    }
}

// MARK: - Watching

extension RegressionDetector {
    /// Weighs the last run of `state`.
    private static func watchLatency(against level: BaselineLevel, in state: inout BaselineState) {
        guard let run = state.runs.last else { return }
        let score = level.score(of: run)
        let at = run.completedAt
        if let change = state.latency.change {
            let sign = change.direction == .degradation ? 1.0 : -1.0
            // Over means nearer to the baseline than to the change; the larger the change, the sooner that is clear.
            let evidence = -ScoreEvidence.of(shift: max(1, change.size), score: sign * score)
            state.latency.follow(evidence, at: at, observations: 1)
            return
        }
        state.latency.rising.add(ScoreEvidence.of(shift: 1, score: score), at: at, total: score, observations: 1)
        state.latency.falling.add(ScoreEvidence.of(shift: 1, score: -score), at: at, total: -score, observations: 1)
        for (direction, evidence) in [
            (ChangeDirection.degradation, state.latency.rising), (.improvement, state.latency.falling),
        ] where evidence.isConclusive {
            let ratio = medianRatio(of: values(of: state, last: evidence.observations), to: level)
            let size = direction == .degradation ? ratio : 1 / ratio
            if size >= leastRatio { state.latency.detect(direction, on: evidence) }
        }
    }

    private static func watchFailures(
        _ failures: Int,
        successes: Int,
        at completedAt: Double,
        against level: BaselineLevel,
        in watch: inout ChangeWatch
    ) {
        let evidence = FailureEvidence(level: level)
        let iterations = failures + successes
        if let change = watch.change {
            let share = min(0.99, max(evidence.worse, change.size))
            let over = -evidence.of(share: share, failures: failures, successes: successes)
            watch.follow(over, at: completedAt, observations: iterations)
            return
        }
        let worse = evidence.of(share: evidence.worse, failures: failures, successes: successes)
        watch.rising.add(worse, at: completedAt, total: Double(failures), observations: iterations)
        if watch.rising.isConclusive { watch.detect(.degradation, on: watch.rising) }
    }

    /// The values of the last `count` runs, as far as they are kept.
    private static func values(of state: BaselineState, last count: Int) -> [Double] {
        state.runs.suffix(count).flatMap(\.values)
    }

    private static func medianRatio(of values: [Double], to level: BaselineLevel) -> Double {
        let present = NearestRank.percentile(50, ofSorted: values.sorted())
        let usual = NearestRank.percentile(50, ofSorted: level.values)
        return present == usual ? 1 : present / usual
    }
}

extension ChangeWatch {
    /// Beyond any that is real; a size weighs how soon a change is over.
    private static let largestSize = 1e6

    /// From here on there is a change, and what counts is whether it is over.
    fileprivate mutating func detect(_ direction: ChangeDirection, on evidence: ChangeEvidence) {
        guard let startedAt = evidence.startedAt, evidence.observations > 0 else { return }
        self = ChangeWatch()
        change = DetectedChange(
            direction: direction,
            startedAt: startedAt,
            size: min(max(0, evidence.total / Double(evidence.observations)), Self.largestSize),
            observations: evidence.observations
        )
    }

    /// Adds evidence that the change is over, and begins anew at the baseline when it is conclusive.
    fileprivate mutating func follow(_ evidence: Double, at completedAt: Double, observations: Int) {
        returning.add(evidence, at: completedAt, total: 0, observations: observations)
        guard !returning.isConclusive else {
            self = ChangeWatch()
            return
        }
        guard let count = change?.observations else { return }
        change?.observations = min(BaselineState.Limit.count, count + observations)
    }
}
