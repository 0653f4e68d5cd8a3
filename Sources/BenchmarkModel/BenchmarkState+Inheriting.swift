extension BenchmarkState {
    /// Takes over what an `earlier` state of the benchmark knows that this one does not, and returns the baselines among that.
    ///
    /// That is for a store that was away at the start: by the time it answers, counters have begun at zero and stay as they
    /// are, and so does the version. A baseline of the same definition is taken over where this one is still learning and
    /// has seen less; the last run and its times, where there has been none since.
    package mutating func inherit(from earlier: Self) -> [BenchmarkIdentity: DailyBaseline] {
        var baselines: [BenchmarkIdentity: DailyBaseline] = [:]
        for index in operations.indices {
            guard let known = earlier.operation(operations[index].identity) else { continue }
            operations[index].lastSuccessAt = operations[index].lastSuccessAt ?? known.lastSuccessAt
            guard let baseline = known.baseline, operations[index].wouldLearn(from: baseline) else { continue }
            operations[index].baseline = baseline
            baselines[known.identity] = baseline
        }
        lastRun = lastRun ?? earlier.lastRun
        lastIntendedAt = lastIntendedAt ?? earlier.lastIntendedAt
        return baselines
    }
}

extension OperationState {
    fileprivate func wouldLearn(from earlier: DailyBaseline) -> Bool {
        guard let baseline else { return true }
        guard baseline.fingerprint == earlier.fingerprint, baseline.parts.allSatisfy({ $0.level == nil }) else {
            return false
        }
        return earlier.parts.contains { $0.level != nil }
            || earlier.parts.reduce(0) { $0 + $1.samples } > baseline.parts.reduce(0) { $0 + $1.samples }
    }
}
