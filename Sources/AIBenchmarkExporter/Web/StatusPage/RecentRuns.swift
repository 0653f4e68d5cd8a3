import BenchmarkModel
import Synchronization

/// What the pages remember of the past: runs to list, timelines to plot, and when an operation changed.
final class RecentRuns: Sendable {
    /// The runs of a benchmark that are listed.
    static let listed = 40
    /// The changes of an operation that are remembered.
    fileprivate static let changes = 20

    /// The past of one benchmark.
    struct Past: Sendable {
        /// Newest first, whatever their objectives.
        var runs: [RunSummary] = []
        var plots: [BenchmarkIdentity: Plot] = [:]
        /// The last failure of each operation that had one, however long ago.
        var failures: [BenchmarkIdentity: FailureFacts] = [:]
    }

    /// What is plotted of an operation: latencies can be compared under one objective, that of the newest run, only.
    struct Plot: Sendable {
        fileprivate(set) var objective: Objective
        /// When the newest run ended, in seconds since 1970.
        fileprivate var newest: Double
        fileprivate(set) var timeline = LatencyTimeline()
        /// When the operation became worse or better than its baseline, in any order.
        fileprivate(set) var changes: [PlotMark] = []
    }

    private let pasts = Mutex<[String: Past]>([:])
    private let now: @Sendable () -> Double

    /// Of nothing yet; `now` is in seconds since 1970.
    init(now: @escaping @Sendable () -> Double = { WallClock.now }) {
        self.now = now
    }

    /// The past of `benchmark`.
    subscript(benchmark: String) -> Past {
        pasts.withLock { $0[benchmark] } ?? Past()
    }

    /// Adds a run, once; in whatever order runs of one objective are added, the past is the same.
    ///
    /// One that `isOutOfSight` is only listed.
    func add(_ run: RunSummary, isOutOfSight: Bool = false) {
        guard run.outcome.isRun else { return }
        let now = now()
        pasts.withLock { pasts in
            var past = pasts[run.benchmark] ?? Past()
            // Not twice in memory while it is changed.
            pasts[run.benchmark] = nil
            past.list(run)
            for operation in run.operations {
                past.noteFailure(of: operation, at: run.completedAt)
                if !isOutOfSight { past.plot(operation, at: run.completedAt, now: now) }
            }
            pasts[run.benchmark] = past
        }
    }

    /// Forgets every benchmark but those with `names`.
    func retain(_ names: Set<String>) {
        pasts.withLock { pasts in pasts = pasts.filter { names.contains($0.key) } }
    }
}

extension RecentRuns.Past {
    fileprivate mutating func list(_ run: RunSummary) {
        var run = run
        // No list shows them, and they are most of what a run weighs.
        for index in run.operations.indices { run.operations[index].sketch = nil }
        let place = runs.firstIndex { $0.completedAt <= run.completedAt } ?? runs.count
        runs.insert(run, at: place)
        if runs.count > RecentRuns.listed { runs.removeLast() }
    }

    fileprivate mutating func noteFailure(of operation: OperationSummary, at time: Double) {
        guard let failure = operation.lastFailure, failures[operation.identity].map({ $0.runEndedAt <= time }) ?? true
        else { return }
        failures[operation.identity] = FailureFacts(
            failure: failure,
            traceID: operation.lastFailureTraceID,
            runEndedAt: time
        )
    }

    fileprivate mutating func plot(_ operation: OperationSummary, at time: Double, now: Double) {
        let identity = operation.identity
        var plot = plots[identity] ?? RecentRuns.Plot(objective: operation.objective, newest: time)
        // Not twice in memory while it is changed.
        plots[identity] = nil
        defer { plots[identity] = plot }
        if operation.objective != plot.objective {
            // A run of the future is of a clock that went ahead, and says nothing about which objective is in force.
            guard time > plot.newest || plot.newest > now else { return }
            plot = RecentRuns.Plot(objective: operation.objective, newest: time)
        }
        plot.newest = max(plot.newest, time)
        if let statistics = operation.statistics {
            plot.timeline.add(statistics, latencies: operation.sketch, at: time, now: now)
        }
        plot.noteChange(of: operation)
    }
}

extension RecentRuns.Past {
    /// The runs of what has these objectives, without their other operations.
    func runs(under objectives: [BenchmarkIdentity: Objective]) -> [RunSummary] {
        runs.compactMap { run in
            var run = run
            run.operations.removeAll { objectives[$0.identity] != $0.objective }
            return run.operations.isEmpty ? nil : run
        }
    }
}

extension RecentRuns.Plot {
    /// Every run since a change says when that began, so none has to be compared with the one before it.
    fileprivate mutating func noteChange(of operation: OperationSummary) {
        guard let finding = operation.finding, let time = finding.changedAt else { return }
        let mark: PlotMark
        switch finding.state {
        case .learning, .stable: return
        case .degraded: mark = PlotMark(kind: .regression, time: time, text: "against the baseline")
        case .improved: mark = PlotMark(kind: .improvement, time: time, text: "against the baseline")
        }
        guard !changes.contains(mark) else { return }
        changes.append(mark)
        if changes.count > RecentRuns.changes,
            let oldest = changes.indices.min(by: { changes[$0].time < changes[$1].time })
        {
            changes.remove(at: oldest)
        }
    }
}
