import BenchmarkModel
import ExporterConfiguration
import ExporterServer
import Exposition
import NIOCore
import Probing
import Recording
import Synchronization

/// `/probe?benchmark=NAME`: one run now, and its metrics only, as the exporters that are asked about a target have it.
final class ProbeEndpoint: Sendable {
    /// For the way back to Prometheus, which gives up at its timeout, in seconds.
    private static let margin = 0.5
    /// The part of the margin that cleaning up leaves.
    private static let reserve = 0.5
    /// Where the request does not say when Prometheus gives up, in seconds.
    private static let standardTimeout = 10.0

    private let measurement: RequestedMeasurement
    private let definitions: @Sendable () async -> [BenchmarkDefinition]
    private let running = Mutex<Set<String>>([])

    init(_ measurement: RequestedMeasurement, definitions: @escaping @Sendable () async -> [BenchmarkDefinition]) {
        self.measurement = measurement
        self.definitions = definitions
    }

    func respond(_ request: ServerRequest) async throws -> ServerResponse {
        let query = try QueryReader(request, keys: ["benchmark"])
        guard let name = query.text("benchmark") else {
            throw APIProblem(400, "the query parameter benchmark is missing")
        }
        guard let definition = await definitions().first(where: { $0.name == name }) else {
            throw APIProblem(404, "no benchmark of the configuration has that name")
        }
        let timeout = try Self.timeout(request.headers["x-prometheus-scrape-timeout-seconds"])
        guard running.withLock({ $0.insert(name).inserted }) else {
            throw APIProblem(409, "a probe of this benchmark is going")
        }
        defer { running.withLock { _ = $0.remove(name) } }
        request.accept("")
        let record = await record(of: definition, within: timeout)
        let recorder = Recorder(
            benchmarks: [definition.description(isScheduled: false)],
            restored: [:],
            epoch: 0,
            now: WallClock.now
        )
        if let state = await recorder.prepare(record) { await recorder.adopt(state) }
        var snapshot = await recorder.snapshot()
        // That is of the exporter, which has metrics of its own.
        snapshot.families.removeAll { $0.name == MetricCatalog.seriesRefused.name }
        return ServerResponse(status: 200, contentType: TextFormat.contentType, body: TextFormat.encode(snapshot))
    }

    private func record(
        of definition: BenchmarkDefinition,
        within timeout: (stop: Duration, cleanUp: Duration)
    ) async -> RunRecord {
        let stop = StopSignal()
        let cleanedUp = NIODeadline.now() + .nanoseconds((timeout.stop + timeout.cleanUp).nanoseconds)
        return await withTaskGroup(of: RunRecord?.self) { group in
            group.addTask { await self.measurement.record(of: definition, until: stop, before: cleanedUp) }
            group.addTask {
                try? await ContinuousClock().sleep(for: timeout.stop)
                stop.set()
                return nil
            }
            var record: RunRecord?
            for await finished in group {
                if let finished {
                    record = finished
                    group.cancelAll()
                }
            }
            return record
                ?? RunRecord(
                    benchmark: definition.name,
                    outcome: .aborted,
                    intendedAt: WallClock.now,
                    completedAt: WallClock.now,
                    lateness: .zero,
                    operations: []
                )
        }
    }

    /// When a run is stopped, and how long it may clean up then.
    private static func timeout(_ field: String?) throws(APIProblem) -> (stop: Duration, cleanUp: Duration) {
        guard let seconds = field.map({ Double($0) }) ?? standardTimeout, (0.001...3600).contains(seconds) else {
            throw APIProblem(400, "X-Prometheus-Scrape-Timeout-Seconds is not a number of seconds from 0.001 to 3600")
        }
        // Of a timeout that is hardly more than the margin, half is left.
        let margin = min(margin, seconds / 2)
        return (.seconds(seconds - margin), .seconds(margin * (1 - reserve)))
    }
}
