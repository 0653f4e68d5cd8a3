import BenchmarkModel

extension BenchmarkState {
    /// Counts a finished run: the one way in which a state grows, and always by one in its sequence.
    ///
    /// `summary` is that of the run, for a caller who has it already. Operations that the state does not have are left out.
    mutating func record(_ run: RunRecord, _ summary: RunSummary?) {
        sequence += 1
        if run.isScheduled { lastIntendedAt = run.intendedAt }
        spending = run.spending.isEmpty ? nil : run.spending
        for record in run.operations {
            guard let index = operations.firstIndex(where: { $0.identity == record.identity }) else { continue }
            operations[index].record(record, of: run)
        }
        if run.outcome == .completed { lastRun = summary ?? run.summary }
    }
}

extension OperationState {
    fileprivate mutating func record(_ record: OperationRecord, of run: RunRecord) {
        if run.outcome.isRun, run.isScheduled { histograms.lateness.observe(run.lateness.seconds) }
        count(.missed, run.missedSlots)
        count(.skippedOverlap, run.skippedSlots)
        count(run.outcome, 1)
        if let baseline = record.baseline { self.baseline = baseline }
        if run.outcome == .completed, record.statistics?.grade == .pass { lastSuccessAt = run.completedAt }
        warmupIterations += UInt64(record.warmupIterations.count)
        for iteration in record.warmupIterations { countTokens(of: iteration) }
        for iteration in record.iterations {
            iterations[iteration.result(against: record.objective), default: 0] += 1
            countTokens(of: iteration)
            if let failure = iteration.failure {
                failures[failure.reason, default: 0] += 1
            } else {
                histograms.observe(iteration)
            }
        }
    }

    private mutating func count(_ outcome: RunOutcome, _ number: Int) {
        runs[outcome, default: 0] += UInt64(max(0, number))
    }

    private mutating func countTokens(of iteration: IterationOutcome) {
        for tokens in iteration.languageModel?.tokens ?? [] {
            self.tokens[tokens.source, default: [:]][tokens.kind, default: 0] += UInt64(max(0, tokens.count))
        }
    }
}

extension BenchmarkHistograms {
    /// Observes everything that a successful iteration measured.
    fileprivate mutating func observe(_ iteration: IterationOutcome) {
        duration.observe(iteration.duration.seconds)
        if let time = iteration.responseTime { response?.observe(time.seconds) }
        if let lag = iteration.visibilityLag { visibilityLag?.observe(lag.seconds) }
        for (phase, time) in iteration.phases { phases[phase]?.observe(time.seconds) }
        if let measurement = iteration.languageModel { languageModel?.observe(measurement) }
    }
}

extension LanguageModelHistograms {
    fileprivate mutating func observe(_ measurement: LanguageModelMeasurement) {
        if let time = measurement.timeToFirstByte { timeToFirstByte.observe(time.seconds) }
        if let time = measurement.timeToFirstToken { timeToFirstToken.observe(time.seconds) }
        if let time = measurement.timeToFirstVisibleToken { timeToFirstVisibleToken.observe(time.seconds) }
        if let time = measurement.timePerOutputToken { timePerOutputToken.observe(time.seconds) }
        for gap in measurement.interTokenTimes {
            interToken.observe(gap.time.seconds, times: UInt64(max(0, gap.tokens)))
        }
    }
}
