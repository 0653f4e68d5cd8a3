package import BenchmarkModel

/// The owner of every number of every benchmark.
///
/// A finished run reaches the exposition in three steps: `prepare` computes the state that it leads to, the caller makes
/// that state durable, and `adopt` exposes it. The recorder never awaits, so nothing changes in the middle of a step;
/// runs of one benchmark must pass the three steps one after the other.
package actor Recorder {
    private var benchmarks: [BenchmarkDescription] = []
    /// By benchmark; what is exposed.
    private var states: [String: BenchmarkState] = [:]
    private var seriesRefused: UInt64 = 0
    private var revision: UInt64 = 1
    private let seriesLimit: Int

    /// A recorder of `benchmarks`, whose names are unique.
    ///
    /// Counters continue from the `restored` states, by benchmark, where the labels are still the same, and begin at zero
    /// in `epoch` elsewhere; of the `unproved` states only what is no counter is taken. `now` is in seconds since 1970.
    /// Benchmarks that would take the exposition beyond `seriesLimit` series are not exposed.
    package init(
        benchmarks: [BenchmarkDescription],
        restored: [String: BenchmarkState],
        unproved: [String: BenchmarkState] = [:],
        epoch: Int64,
        now: Double,
        seriesLimit: Int = 100_000
    ) {
        self.seriesLimit = seriesLimit
        (self.benchmarks, states, seriesRefused) = Self.arrange(
            benchmarks,
            from: restored.merging(unproved.mapValues { $0.beginningAnew(epoch: epoch, now: now) }) { old, _ in old },
            epoch: epoch,
            now: now,
            seriesLimit: seriesLimit
        )
    }

    /// The state that `run` leads to, not yet exposed; `nil` when its benchmark is no longer recorded.
    ///
    /// `summary` is that of the run, for a caller who has it already.
    package func prepare(_ run: RunRecord, _ summary: RunSummary? = nil) -> BenchmarkState? {
        guard var next = states[run.benchmark] else { return nil }
        next.record(run, summary)
        return next
    }

    /// Exposes a prepared state.
    ///
    /// One that is not newer than what is exposed, or of a benchmark that has gone, is left out.
    package func adopt(_ state: BenchmarkState) {
        guard let current = states[state.benchmark], current.version < state.version else { return }
        states[state.benchmark] = state
        revision += 1
    }

    /// Takes up another set of benchmarks: the ones that stay keep their state, and the series of the others go away.
    ///
    /// New ones go on from the `restored` state where there is one, by benchmark, and begin at zero in `epoch` elsewhere.
    package func replaceBenchmarks(
        _ benchmarks: [BenchmarkDescription],
        restored: [String: BenchmarkState] = [:],
        epoch: Int64,
        now: Double
    ) {
        let refused: UInt64
        (self.benchmarks, states, refused) = Self.arrange(
            benchmarks,
            from: states.merging(restored) { current, _ in current },
            epoch: epoch,
            now: now,
            seriesLimit: seriesLimit
        )
        seriesRefused += refused
        revision += 1
    }

    /// The exposed state of `benchmark`; `nil` where it has none.
    package func state(of benchmark: String) -> BenchmarkState? {
        states[benchmark]
    }

    /// What `benchmark` is; `nil` where it is not recorded.
    func description(of benchmark: String) -> BenchmarkDescription? {
        benchmarks.first { $0.benchmark == benchmark }
    }

    /// The exposed states, in the order of the benchmarks.
    package func exposedStates() -> [BenchmarkState] {
        benchmarks.compactMap { states[$0.benchmark] }
    }

    /// The exposed states, by the name of their benchmark.
    package func exposedStatesByName() -> [String: BenchmarkState] {
        Dictionary(exposedStates().map { ($0.benchmark, $0) }) { first, _ in first }
    }

    /// Everything that is exposed now, as metrics.
    package func snapshot() -> MetricSnapshot {
        var builder = SnapshotBuilder()
        for benchmark in benchmarks {
            guard let state = states[benchmark.benchmark] else { continue }
            builder.add(benchmark, state)
        }
        builder.add(MetricCatalog.seriesRefused, [:], Double(seriesRefused))
        return builder.snapshot(revision: revision)
    }

    private static func arrange(
        _ benchmarks: [BenchmarkDescription],
        from old: [String: BenchmarkState],
        epoch: Int64,
        now: Double,
        seriesLimit: Int
    ) -> (benchmarks: [BenchmarkDescription], states: [String: BenchmarkState], refused: UInt64) {
        var exposed: [BenchmarkDescription] = []
        var states: [String: BenchmarkState] = [:]
        var series = 0
        var refused: UInt64 = 0
        for benchmark in benchmarks {
            let name = benchmark.benchmark
            // Also where a clock was set back, the new epoch comes after the old one.
            let state =
                old[name].map { benchmark.adapting($0, now: now) } ?? benchmark.newState(epoch: epoch, now: now)
            var builder = SnapshotBuilder()
            builder.add(benchmark, state)
            guard series + builder.seriesCount <= seriesLimit else {
                refused += UInt64(builder.seriesCount)
                continue
            }
            series += builder.seriesCount
            exposed.append(benchmark)
            states[name] = state
        }
        return (exposed, states, refused)
    }
}
