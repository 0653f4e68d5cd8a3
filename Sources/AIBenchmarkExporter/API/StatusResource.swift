import BenchmarkModel
import ExporterConfiguration
import ExporterServer
import Probing
import Recording
import SnapshotStore

/// `GET /benchmarks/status`: what is going on, and how everything stands.
struct StatusResource: Sendable {
    let live: LiveConfiguration
    let recorder: Recorder
    let runs: ManualRuns
    let progress: @Sendable () -> [String: BenchmarkProgress]
    /// `nil` where there is no store.
    let store: @Sendable () -> StoreStatus?
    let alerts: AlertBoard

    private struct View: Encodable {
        var instance: String
        var version: String
        /// Of the token that asks.
        var role: Role?
        var continuous: ContinuousResource.View
        /// Names of benchmarks whose scheduled run is going.
        var running: [String]
        /// The suite that somebody asked for and that is going.
        var manualRun: String?
        var store: StoreView
        /// Those that are pending or firing, or were until a moment ago.
        var alerts: [AlertView]
        var benchmarks: [BenchmarkView]
    }

    private struct StoreView: Encodable {
        var kind: StoreKind
        var up: Bool?
        var fenced: Bool?
        var undurableRuns: Int?
        var lastSuccessAt: Timestamp?
    }

    enum StoreKind: String, Encodable, CaseIterable {
        case none, sqlite, redis

        init(_ location: StoreLocation) {
            self =
                switch location {
                case .none: .none
                case .sqlite: .sqlite
                case .redis: .redis
                }
        }
    }

    private struct BenchmarkView: Encodable {
        var benchmark: String
        var category: BenchmarkCategory
        /// `nil` while it is not run on schedule.
        var intervalSeconds: Double?
        /// `nil` while it is running, or not run on schedule.
        var nextRunAt: Timestamp?
        /// Of the last completed run: pass where all of its operations do.
        var grade: Grade?
        /// The operations that are worse than their baseline.
        var degradedOperations: [String]
        var lastRun: RunResult?
    }

    func show(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let configuration = await live.current.configuration
        let override = await live.override
        let states = await recorder.exposedStatesByName()
        let progress = progress()
        let status = store()
        let now = WallClock.now
        let benchmarks = override.definitions(configuration.benchmarks).map { definition in
            let progress = override.schedules(definition.name) ? progress[definition.name] : nil
            let next = progress.flatMap { $0.isRunning ? nil : (now + $0.timeLeft.seconds).rounded() }
            let lastRun = states[definition.name]?.lastRun
            let operations = lastRun?.operations ?? []
            let grades = operations.compactMap(\.statistics?.grade)
            return BenchmarkView(
                benchmark: definition.name,
                category: definition.category,
                intervalSeconds: override.schedules(definition.name) ? definition.interval.seconds : nil,
                nextRunAt: next.map(Timestamp.init),
                grade: grades.isEmpty ? nil : grades.contains(.fail) ? .fail : .pass,
                degradedOperations: operations.filter { $0.finding?.state == .degraded }.map(\.identity.operation),
                lastRun: lastRun.map { RunResult($0) }
            )
        }
        let view = View(
            instance: configuration.instance,
            version: ExporterVersion.current,
            role: request.role,
            continuous: ContinuousResource.View(override, among: configuration.benchmarks.map(\.name)),
            running: configuration.benchmarks.map(\.name).filter { progress[$0]?.isRunning == true },
            manualRun: runs.current?.id,
            store: StoreView(
                kind: status == nil ? .none : StoreKind(configuration.store.location),
                up: status?.isUp,
                fenced: status?.isFenced,
                undurableRuns: status?.undurableRuns,
                lastSuccessAt: status?.lastSuccessAt.map(Timestamp.init)
            ),
            alerts: alerts.alerts.compactMap(AlertView.init),
            benchmarks: benchmarks
        )
        return .json(view, for: request)
    }
}
