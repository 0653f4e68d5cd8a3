import BenchmarkModel
import ExporterServer
import Synchronization

/// `GET /benchmarks/metrics`: figures over the last 5 minutes, hour and day, made once for each publication.
final class MetricsResource: Sendable {
    /// In seconds.
    private static let lengths = [300.0, 3_600, 86_400]
    /// How long figures are served that no publication has outdated, in seconds: the windows slide all the same.
    private static let longestAge = 5.0

    private struct Operation {
        var objective: Objective
        var windows = lengths.map(FigureWindow.init)
    }

    private struct State {
        var operations: [BenchmarkIdentity: Operation] = [:]
        var body: (text: [UInt8], madeAt: Double)?
    }

    private let state = Mutex(State())
    private let startedAt: Double
    private let now: @Sendable () -> Double

    /// `now` is in seconds since 1970.
    init(now: @escaping @Sendable () -> Double = { WallClock.now }) {
        self.now = now
        startedAt = now()
    }

    /// Takes in a run that was counted.
    func add(_ run: RunRecord) {
        state.withLock { state in
            state.body = nil
            for record in run.operations {
                var operation = state.operations[record.identity] ?? Operation(objective: record.objective)
                if operation.objective != record.objective { operation = Operation(objective: record.objective) }
                for index in operation.windows.indices {
                    operation.windows[index].add(record.iterations, against: record.objective, at: run.completedAt)
                }
                state.operations[record.identity] = operation
            }
        }
    }

    /// Forgets everything about benchmarks that are not among `benchmarks`.
    func retain(_ benchmarks: [String]) {
        let kept = Set(benchmarks)
        state.withLock { state in
            state.body = nil
            state.operations = state.operations.filter { kept.contains($0.key.benchmark) }
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
            observedSince: Timestamp(startedAt),
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
