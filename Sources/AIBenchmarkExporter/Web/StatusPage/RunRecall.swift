import BenchmarkModel
import Logging
import ServiceLifecycle
import SnapshotStore

/// Lists runs on the pages that are older than all that the history is replayed for: of a benchmark that runs once an hour, say.
///
/// A little at a time and with pauses, while the pages are served, so that neither a request nor a probe waits for it.
struct RunRecall: Service {
    /// Between tries while the store does not answer.
    private static let patience = Duration.seconds(30)

    let reader: any SnapshotReader
    let recentRuns: RecentRuns
    /// The names of the configured benchmarks.
    let benchmarks: @Sendable () async -> [String]
    /// In seconds since 1970: runs that ended later are added by others.
    let before: Double
    let logger: Logger
    /// After each part.
    var pause = Duration.milliseconds(50)

    func run() async {
        await cancelWhenGracefulShutdown {
            var listed: Set<String> = []
            while !Task.isCancelled {
                do {
                    try await self.read(&listed)
                    break
                } catch {
                    self.logger.debug("history not read for the status page", metadata: ["reason": "\(error)"])
                    try? await ContinuousClock().sleep(for: Self.patience)
                }
            }
        }
        try? await gracefulShutdown()
    }

    /// Goes on where an earlier try was given up, so that no run is listed twice; `listed` has the benchmarks that are done.
    func read(_ listed: inout Set<String>) async throws {
        for name in await benchmarks() where !listed.contains(name) {
            let page = try await reader.runs(of: name, since: 0, limit: RecentRuns.listed)
            for run in page.runs where run.summary.completedAt < before {
                recentRuns.add(run.summary, isOutOfSight: true)
            }
            listed.insert(name)
            try await ContinuousClock().sleep(for: pause)
        }
    }
}
