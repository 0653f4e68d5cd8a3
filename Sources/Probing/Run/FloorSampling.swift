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
    private let greatestLag = Mutex<Duration?>(nil)

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
        let lag = greatestLag.withLock(\.self).map { IterationOutcome(duration: $0) }
        return MeasurementFloor(of: samples.withLock(\.self) + [lag].compactMap(\.self))
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

    /// Takes note of how late the exporter got round to something; the greatest lag is a sample too.
    func note(lag: Duration) {
        greatestLag.withLock { $0 = max($0 ?? lag, lag) }
    }

    /// Watches the event loop during `body`, and takes note of its lag.
    ///
    /// Twenty times within the objective's target, so that no stall hides that is longer than 15 % of it.
    func watching<R: Sendable>(_ body: () async -> R) async -> R {
        let interval = min(max(target / 20, .milliseconds(1)), .seconds(1))
        let watch = LoopWatch(eventLoop, interval: .nanoseconds(interval.nanoseconds))
        let result = await body()
        note(lag: watch.stop())
        return result
    }

    private func ask() async -> IterationOutcome? {
        try? await nullTarget.execute(deadline: .now() + .nanoseconds(timeout.nanoseconds))
    }
}
