import BenchmarkModel
import ExporterConfiguration
import ExporterServer
import Synchronization

/// `GET /benchmarks/metrics`: figures over the last 5 minutes, hour and day, made once for each publication.
final class MetricsResource: Sendable {
    /// In seconds.
    private static let lengths = [300.0, 3_600, longestWindow]
    /// How far the longest window reaches back, in seconds.
    static let longestWindow = 86_400.0
    /// How long figures are served that no publication has outdated, in seconds: the windows slide all the same.
    private static let longestAge = 5.0

    private struct Operation {
        var objective: Objective
        var windows = lengths.map(FigureWindow.init)
    }

    private struct State {
        var operations: [BenchmarkIdentity: Operation] = [:]
        var observedSince: Double
        var body: (text: [UInt8], madeAt: Double)?
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Double

    /// Figures of `benchmarks`, of which nothing is known yet; `now` is in seconds since 1970.
    init(of benchmarks: [BenchmarkDefinition], now: @escaping @Sendable () -> Double = { WallClock.now }) {
        self.now = now
        state = Mutex(State(observedSince: now()))
        retain(benchmarks)
    }

    /// Takes in a run that was counted, by this process or by one before it.
    ///
    /// What the configuration has no more, or with another objective, is left out.
    func add(_ run: RunSummary) {
        let time = now()
        state.withLock { state in
            state.body = nil
            state.observedSince = min(state.observedSince, run.completedAt)
            for summary in run.operations {
                guard var operation = state.operations[summary.identity], operation.objective == summary.objective
                else { continue }
                // Not twice in memory while it is changed.
                state.operations[summary.identity] = nil
                for index in operation.windows.indices {
                    operation.windows[index].add(summary, at: run.completedAt, now: time)
                }
                state.operations[summary.identity] = operation
            }
        }
    }

    /// Has figures of `benchmarks` and of nothing else; those of operations that have not changed stay.
    func retain(_ benchmarks: [BenchmarkDefinition]) {
        state.withLock { state in
            state.body = nil
            let old = state.operations
            state.operations = [:]
            for operation in benchmarks.flatMap(\.operations) {
                let known = old[operation.identity].flatMap { $0.objective == operation.objective ? $0 : nil }
                state.operations[operation.identity] = known ?? Operation(objective: operation.objective)
            }
        }
    }

    /// Has the figures made anew.
    func invalidate() {
        state.withLock { $0.body = nil }
    }

    func show(_ request: ServerRequest) throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let time = now()
        let body = state.withLock { state in
            if let body = state.body, abs(time - body.madeAt) < Self.longestAge { return body.text }
            let text = JSONAnswer.encode(view(of: state, at: time))
            state.body = (text, time)
            return text
        }
        return .json(encoded: body, for: request)
    }

    private struct View: Encodable {
        var computedAt: Timestamp
        /// What has been seen since then is all that the windows hold.
        var observedSince: Timestamp
        var metrics: [OperationView]
    }

    private struct OperationView: Encodable {
        var benchmark: String
        var operation: String
        var target: String
        var objective: ObjectiveView
        var windows: [FigureWindow.Figures]
    }

    private func view(of state: State, at time: Double) -> View {
        let operations = state.operations.sorted {
            ($0.key.benchmark, $0.key.operation, $0.key.target) < ($1.key.benchmark, $1.key.operation, $1.key.target)
        }
        return View(
            computedAt: Timestamp(time),
            observedSince: Timestamp(state.observedSince),
            metrics: operations.map { identity, operation in
                OperationView(
                    benchmark: identity.benchmark,
                    operation: identity.operation,
                    target: identity.target,
                    objective: ObjectiveView(operation.objective),
                    windows: operation.windows.map { $0.figures(at: time, of: operation.objective) }
                )
            }
        )
    }
}
