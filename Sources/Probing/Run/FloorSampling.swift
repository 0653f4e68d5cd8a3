import BenchmarkModel
import NIOCore
import Synchronization

/// Finds out what the exporter adds to one run: by exchanges with the null target around its iterations, which show the whole
/// path, and by watching the event loop while they go on, as a stall between two exchanges would be missed.
final class FloorSampling: Sendable {
    /// The most exchanges of one run.
    static let limit = 4

    private let nullTarget: any Probe
    private let eventLoop: any EventLoop
    private let target: Duration
    /// Of one exchange.
    let timeout: Duration
    private let samples = Mutex<[IterationOutcome]>([])

    /// A sampling for a run whose strictest objective has `target`.
    ///
    /// An exchange takes at most `limit`, and at most twice what makes the run invalid, or a second.
    init(of nullTarget: any Probe, on eventLoop: any EventLoop, target: Duration, limit: Duration) {
        self.nullTarget = nullTarget
        self.eventLoop = eventLoop
        self.target = target
        timeout = min(limit, max(.seconds(1), target / 5))
    }

    /// What the samples have shown; `nil` before the first.
    var floor: MeasurementFloor? {
        MeasurementFloor(of: samples.withLock(\.self))
    }

    /// Asks once without counting it: what happens once in the life of a process is part of no measurement.
    func warmUp() async {
        _ = await ask()
    }

    /// Asks once more; a task that is cancelled learns nothing from it.
    func sample() async {
        guard let exchange = await ask() else { return }
        samples.withLock { $0.append(exchange) }
    }

    /// Watches the event loop during `body`; its greatest lag is a sample too.
    ///
    /// Twenty times within the objective's target, so that no stall hides that is longer than 15 % of it.
    func watching<R: Sendable>(_ body: () async -> R) async -> R {
        let interval = min(max(target / 20, .milliseconds(1)), .seconds(1))
        let watch = LoopWatch(eventLoop, interval: .nanoseconds(interval.nanoseconds))
        let result = await body()
        let lag = watch.stop()
        samples.withLock { $0.append(IterationOutcome(duration: lag)) }
        return result
    }

    private func ask() async -> IterationOutcome? {
        try? await nullTarget.execute(deadline: .now() + .nanoseconds(timeout.nanoseconds))
    }
}
