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
        /// Newest first.
        var runs: [RunSummary] = []
        var timelines: [BenchmarkIdentity: LatencyTimeline] = [:]
        /// The last failure of each operation that had one, however long ago.
        var failures: [BenchmarkIdentity: FailureFacts] = [:]
        /// When operations became worse or better than their baselines, in any order.
        var changes: [BenchmarkIdentity: [PlotMark]] = [:]
    }

    private let pasts = Mutex<[String: Past]>([:])

    /// The past of `benchmark`.
    subscript(benchmark: String) -> Past {
        pasts.withLock { $0[benchmark] } ?? Past()
    }

    /// Adds a run, once; in whatever order runs are added, the past is the same.
    ///
    /// One that `isOutOfSight` is only listed.
    func add(_ run: RunSummary, isOutOfSight: Bool = false) {
        guard run.outcome.isRun else { return }
        pasts.withLock { pasts in
            var past = pasts[run.benchmark] ?? Past()
            // Not twice in memory while it is changed.
            pasts[run.benchmark] = nil
            past.list(run)
            for operation in run.operations {
                past.noteFailure(of: operation, at: run.completedAt)
                guard !isOutOfSight else { continue }
                if let statistics = operation.statistics {
                    past.timelines[operation.identity, default: LatencyTimeline()]
                        .add(statistics, latencies: operation.sketch, at: run.completedAt)
                }
                past.noteChange(of: operation)
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

    /// Every run since a change says when that began, so none has to be compared with the one before it.
    fileprivate mutating func noteChange(of operation: OperationSummary) {
        guard let finding = operation.finding, let time = finding.changedAt else { return }
        let mark: PlotMark
        switch finding.state {
        case .learning, .stable: return
        case .degraded: mark = PlotMark(kind: .regression, time: time, text: "against the baseline")
        case .improved: mark = PlotMark(kind: .improvement, time: time, text: "against the baseline")
        }
        var marks = changes[operation.identity] ?? []
        guard !marks.contains(mark) else { return }
        marks.append(mark)
        if marks.count > RecentRuns.changes, let oldest = marks.indices.min(by: { marks[$0].time < marks[$1].time }) {
            marks.remove(at: oldest)
        }
        changes[operation.identity] = marks
    }
}
