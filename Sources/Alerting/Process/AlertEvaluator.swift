package import BenchmarkModel
package import ExporterConfiguration

/// The alerts of the process: finished runs and signals in, changes out; no clock, no I/O.
///
/// After each run, and now and then between runs, the shell evaluates, logs the transitions, exposes `alerts` and stores
/// `memory` together with the state of the benchmark.
package struct AlertEvaluator: Sendable {
    private struct Watch {
        var benchmark: WatchedBenchmark
        /// In seconds since 1970.
        var beganAt: Double
    }

    private var watches: [BenchmarkIdentity: Watch] = [:]
    private var policy = AlertPolicy()
    /// What has to survive a restart.
    package private(set) var memory: AlertMemory

    /// Goes on from `memory`, also where the configuration has changed since; `now` is in seconds since 1970.
    package init(_ configuration: ExporterConfiguration, memory: AlertMemory = AlertMemory(), at now: Double) {
        self.memory = memory
        adopt(configuration, at: now)
    }

    /// Watches what `configuration` says from `now` on; alerts of what is gone end with the next evaluation.
    ///
    /// Where the interval of a benchmark has changed so much that it looks back over another stretch of time, it begins anew.
    package mutating func adopt(_ configuration: ExporterConfiguration, at now: Double) {
        policy = AlertPolicy(configuration.alerts)
        var watches: [BenchmarkIdentity: Watch] = [:]
        var windows: [BenchmarkIdentity: EvidenceWindow] = [:]
        for benchmark in configuration.watched {
            let beganAt = self.watches[benchmark.identity]?.beganAt ?? now
            watches[benchmark.identity] = Watch(benchmark: benchmark, beganAt: beganAt)
            let length = Double(AlertWindow(for: benchmark, scrapeInterval: .zero).seconds)
            let known = memory.windows[benchmark.identity].flatMap { $0.length == length ? $0 : nil }
            windows[benchmark.identity] = known ?? EvidenceWindow(length: length)
        }
        self.watches = watches
        memory.windows = windows
    }

    /// Takes over what an `earlier` memory knows that could not be read at the start.
    ///
    /// An alert that was firing goes on, so that those who were told of it are told of its end; what is already known of an
    /// alert stays, and so does the evidence of later runs.
    package mutating func inherit(from earlier: AlertMemory) {
        for (identity, window) in earlier.windows { memory.windows[identity]?.inherit(from: window) }
        for (key, entry) in earlier.entries {
            switch (memory.entries[key]?.state.phase ?? .inactive, entry.state.phase) {
            case (.inactive, _), (.pending, .firing): memory.entries[key] = entry
            case (.pending, .inactive), (.pending, .pending), (.pending, .resolved), (.firing, _), (.resolved, _): break
            }
        }
    }

    /// Takes a finished run into account; one of a benchmark that is gone is none.
    package mutating func record(_ run: RunEvidence, of identity: BenchmarkIdentity) {
        memory.windows[identity]?.add(run)
    }

    /// Judges every alert `now`, in seconds since 1970, and returns what has changed.
    package mutating func evaluate(_ signals: AlertSignals, at now: Double) -> [AlertTransition] {
        var judged: Set<AlertKey> = []
        var transitions: [AlertTransition?] = []
        for (key, verdict) in verdicts(signals, at: now) where settings(of: key).isEnabled {
            judged.insert(key)
            var entry = memory.entries[key] ?? AlertMemory.Entry(key: key)
            switch verdict {
            case .unknown:
                if case .resolved = entry.state.phase { transitions.append(observe(false, &entry, at: now)) }
            case .clear: transitions.append(observe(false, &entry, at: now))
            case .holds(let reason):
                entry.reason = reason
                transitions.append(observe(true, &entry, at: now))
            }
        }
        for var entry in memory.sortedEntries where !judged.contains(entry.key) {
            let end = entry.state.retire(at: now).map { transition(entry, $0) }
            transitions.append(end ?? observe(false, &entry, at: now))
            memory.entries[entry.key] = entry.state.phase == .inactive ? nil : entry
        }
        return transitions.compactMap(\.self)
    }

    /// Every alert that is pending or firing, or was until a moment ago, by name.
    package var alerts: [ProcessAlert] {
        memory.sortedEntries.map { entry in
            ProcessAlert(
                key: entry.key,
                severity: settings(of: entry.key).severity,
                phase: entry.state.phase,
                reason: entry.reason
            )
        }
    }

    private func verdicts(_ signals: AlertSignals, at now: Double) -> [(AlertKey, AlertVerdict)] {
        let ofBenchmarks = watches.sorted {
            ($0.key.benchmark, $0.key.operation) < ($1.key.benchmark, $1.key.operation)
        }
        .flatMap { verdicts(of: $0.value, signals, at: now) }
        let spent = signals.spentTargets.map { target in
            (
                AlertKey(.budgetExhausted, .target(target)),
                AlertVerdict.holds("The token budget of \(target) is spent")
            )
        }
        let store: AlertVerdict =
            signals.isStoreUp == false ? .holds("The store of the exporter does not answer") : .clear
        let undurable: AlertVerdict =
            signals.undurableRuns > 0
            ? .holds("\(signals.undurableRuns) runs of the exporter are not in its store") : .clear
        return ofBenchmarks + spent + [(AlertKey(.storeDown), store), (AlertKey(.undurable), undurable)]
    }

    private func verdicts(
        of watch: Watch,
        _ signals: AlertSignals,
        at now: Double
    ) -> [(AlertKey, AlertVerdict)] {
        let benchmark = watch.benchmark
        let subject = AlertSubject.benchmark(benchmark.identity)
        let own = signals.benchmarks[benchmark.identity] ?? BenchmarkSignals()
        let totals = memory.windows[benchmark.identity]?.totals(at: now) ?? EvidenceTotals()
        let verdicts: [(AlertName, AlertVerdict)] = [
            (.p95Breach, .p95Breach(totals, benchmark.objective, subject)),
            (.successRateLow, .successRateLow(totals, benchmark.objective, subject)),
            (.runStale, .runStale(benchmark, own, watchedSince: watch.beganAt, now: now, subject)),
            (.runsMissed, .runsMissed(totals, subject)),
            (.measurementInvalid, .measurementInvalid(totals, subject)),
            (.regression, .regression(own, subject)),
            (.trendDegrading, .trendDegrading(own, subject)),
        ]
        return verdicts.map { (AlertKey($0, subject), $1) }
    }

    private func settings(of key: AlertKey) -> AlertSettings {
        switch key.subject {
        case .benchmark(let identity): policy.settings(of: key.name, benchmark: identity.benchmark)
        case .target, .exporter: policy.settings(of: key.name)
        }
    }

    /// The number of runs so far for an alert that looks at single runs; `nil` for one that does not.
    private func runs(for key: AlertKey) -> Double? {
        guard key.name.looksAtRuns, case .benchmark(let identity) = key.subject else { return nil }
        return memory.windows[identity]?.runsSoFar
    }

    private mutating func observe(_ holds: Bool, _ entry: inout AlertMemory.Entry, at now: Double) -> AlertTransition? {
        let change = entry.state.observe(holds, at: now, runs: runs(for: entry.key), settings(of: entry.key))
        memory.entries[entry.key] = entry.state.phase == .inactive ? nil : entry
        return change.map { transition(entry, $0) }
    }

    private func transition(_ entry: AlertMemory.Entry, _ change: AlertState.Change) -> AlertTransition {
        AlertTransition(
            key: entry.key,
            change: change,
            severity: settings(of: entry.key).severity,
            reason: entry.reason
        )
    }
}

extension AlertName {
    /// Whether one more run may end the condition, so that a second one has to confirm it.
    fileprivate var looksAtRuns: Bool {
        switch self {
        case .p95Breach, .successRateLow, .runsMissed, .measurementInvalid: true
        case .latencyBudgetBurnFast, .latencyBudgetBurnSlow, .availabilityBudgetBurnFast, .availabilityBudgetBurnSlow,
            .regression, .trendDegrading, .runStale, .noSeries, .exporterDown, .exporterAbsent, .storeDown, .undurable,
            .budgetExhausted, .notificationsFailing, .configReloadFailed, .watchdog:
            false
        }
    }
}
