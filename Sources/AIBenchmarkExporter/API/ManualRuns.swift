import BenchmarkModel
import ExporterConfiguration
import Probing
import ServiceLifecycle
import Synchronization

/// The suites that somebody asked for: one is going at most, and the last hundred are remembered.
///
/// The state is behind a lock, so that whoever asks has the answer at once; the work is done by `run()`.
final class ManualRuns: Service {
    private static let remembered = 100

    private struct Key: Hashable {
        var client: String
        var text: String
    }

    private struct State {
        var runs: [String: ManualRun] = [:]
        /// Oldest first.
        var order: [String] = []
        var keys: [Key: String] = [:]
        var current: String?
        var isShuttingDown = false
    }

    /// What becomes of a request.
    enum Start {
        case started(ManualRun)
        /// The key was used for the same request before.
        case repeated(ManualRun)
        /// The key was used for another request before.
        case keyReused
        /// Another one is going.
        case busy(String)
        case shuttingDown
    }

    /// What becomes of a cancellation.
    enum Cancellation {
        case cancelled(ManualRun)
        /// It had ended before.
        case ended(ManualRun)
        case unknown
    }

    private let state = Mutex(State())
    private let jobs: AsyncStream<String>
    private let submission: AsyncStream<String>.Continuation
    private let measurement: RequestedMeasurement
    private let configuration: @Sendable () async -> [BenchmarkDefinition]
    private let target: @Sendable () async -> Duration
    private let compare: @Sendable ([BenchmarkDefinition], inout SuiteReport) async -> Void
    private let deliver: @Sendable (RunRecord) async -> Void
    private let onChange: @Sendable (ManualRunView) -> Void

    /// Nothing is run before `run()`.
    ///
    /// `benchmarks` are those that may be asked for. `deliver` takes the records of suites that are to be recorded; `target`
    /// is what the mean of a suite is held against, and `compare` holds a report of benchmarks against their baselines; `onChange` is told when a suite begins, goes on and ends.
    init(
        _ measurement: RequestedMeasurement,
        benchmarks: @escaping @Sendable () async -> [BenchmarkDefinition],
        target: @escaping @Sendable () async -> Duration,
        compare: @escaping @Sendable ([BenchmarkDefinition], inout SuiteReport) async -> Void,
        deliver: @escaping @Sendable (RunRecord) async -> Void,
        onChange: @escaping @Sendable (ManualRunView) -> Void
    ) {
        self.measurement = measurement
        configuration = benchmarks
        self.target = target
        self.compare = compare
        self.deliver = deliver
        self.onChange = onChange
        (jobs, submission) = AsyncStream.makeStream()
    }

    /// The one that is going.
    var current: ManualRun? { state.withLock { state in state.current.flatMap { state.runs[$0] } } }

    /// The one with that name; `nil` where there is none, or none any more.
    func run(_ id: String) -> ManualRun? { state.withLock { $0.runs[id] } }

    /// Starts a suite, unless one is going; `key` is the `Idempotency-Key` of `client`.
    func start(_ request: ManualRunRequest, client: String, key: String?) -> Start {
        let key = key.map { Key(client: client, text: $0) }
        let start = state.withLock { state -> Start in
            if let key, let run = state.keys[key].flatMap({ state.runs[$0] }) {
                return run.request == request ? .repeated(run) : .keyReused
            }
            if state.isShuttingDown { return .shuttingDown }
            if let current = state.current { return .busy(current) }
            let id = String(UInt64.random(in: .min ... .max), radix: 16)
            let run = ManualRun(id: id, request: request, startedAt: WallClock.now)
            // A report has every value that was measured, so only that of the last suite is kept.
            if let last = state.order.last { state.runs[last]?.report = nil }
            state.runs[id] = run
            state.order.append(id)
            state.current = id
            if let key { state.keys[key] = id }
            // Under the lock, so that a shutdown either finds the run here or refuses it.
            submission.yield(id)
            if state.order.count > Self.remembered {
                let oldest = state.order.removeFirst()
                state.runs[oldest] = nil
                state.keys = state.keys.filter { $0.value != oldest }
            }
            return .started(run)
        }
        if case .started(let run) = start { onChange(ManualRunView(run)) }
        return start
    }

    /// Cancels a suite; what it has measured stays.
    func cancel(_ id: String) -> Cancellation {
        guard let run = run(id) else { return .unknown }
        guard run.state == .running else { return .ended(run) }
        stop(id, by: .request)
        return .cancelled(run)
    }

    /// Cancels the suite that is going, where it has any of `benchmarks`, and returns when it has ended.
    func cancelCurrent(of benchmarks: Set<String>, for canceller: ManualRun.Canceller) async {
        guard let current, !benchmarks.isDisjoint(with: current.request.benchmarks) else { return }
        stop(current.id, by: canceller)
        await current.ended.wait()
    }

    private func stop(_ id: String, by canceller: ManualRun.Canceller) {
        let run = state.withLock { state in
            if state.runs[id]?.canceller == nil { state.runs[id]?.canceller = canceller }
            return state.runs[id]
        }
        run?.stop.set()
    }

    /// Runs what is asked for until the graceful shutdown, which cancels it.
    func run() async {
        await withGracefulShutdownHandler {
            for await id in jobs {
                if let run = run(id) { await execute(run) }
            }
        } onGracefulShutdown: {
            let current = self.state.withLock { state in
                state.isShuttingDown = true
                return state.current
            }
            if let current { self.stop(current, by: .shutdown) }
            self.submission.finish()
        }
    }

    private func execute(_ run: ManualRun) async {
        var measurements = SuiteMeasurements()
        let definitions = await configuration()
        for name in run.request.benchmarks {
            guard !run.stop.isSet, let definition = definitions.first(where: { $0.name == name }) else { continue }
            let record = await measurement.record(of: definition, run.request.settings, until: run.stop)
            measurements.add(
                record,
                of: run.request.settings.applied(to: definition),
                isSpent: measurement.ledger.isSpent
            )
            update(run.id) { $0.runs.append(record.summary) }
            if run.request.record { await deliver(record) }
        }
        var report = measurements.report(
            target: await target(),
            completedAt: WallClock.now,
            isEnded: run.stop.isSet
        )
        await compare(definitions.map(run.request.settings.applied), &report)
        let ended = report
        update(run.id, isLast: true) { finished in
            finished.state = finished.canceller == nil ? .completed : .cancelled
            finished.completedAt = ended.completedAt
            finished.suite = ended.suite
            finished.report = ended
        }
        run.ended.set()
    }

    /// Changes what is known of a run; after its last change the next may start, for whoever sees that it has ended.
    private func update(_ id: String, isLast: Bool = false, _ change: (inout ManualRun) -> Void) {
        let run = state.withLock { state -> ManualRun? in
            if isLast { state.current = nil }
            guard var run = state.runs[id] else { return nil }
            change(&run)
            state.runs[id] = run
            return run
        }
        if let run { onChange(ManualRunView(run)) }
    }
}
