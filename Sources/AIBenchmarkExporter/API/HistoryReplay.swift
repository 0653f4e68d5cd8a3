import BenchmarkModel
import Logging
import ServiceLifecycle
import SnapshotStore

// WHAT A RESTART MUST NOT LOSE
//
// The figures of a day are made of the runs of a day, and so are plots; most of them may be those of a process before this one. They are read
// beside the start, newest first, page by page, and each page is followed by a rest four times as long as it took: whatever
// there is to read takes at most a fifth of one core, and one page of memory. Runs of this process come from itself, so what
// ended after its start is passed over. A store that does not answer is asked again until nothing it could say matters.

/// Hands the runs of the last hours, which earlier processes stored, to whoever makes figures and plots of them.
struct HistoryReplay: Service {
    /// Of a page; a run takes some kilobytes.
    private static let pageSize = 50
    /// The most runs that are read: a day of one run every 2 s.
    private static let largestCount = 43_200
    private static let restRatio = 4
    /// Between tries while the store does not answer.
    private static let patience = Duration.seconds(30)

    private let reader: any SnapshotReader
    private let span: Double
    private let startedAt: Double
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Double
    private let logger: Logger
    private let take: @Sendable (RunSummary) async -> Void

    /// `take` gets every run of `reader` that ended within `span` seconds before this moment, newest first.
    ///
    /// `now` is in seconds since 1970.
    init(
        of reader: any SnapshotReader,
        reaching span: Double,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Double = { WallClock.now },
        logger: Logger,
        take: @escaping @Sendable (RunSummary) async -> Void
    ) {
        self.reader = reader
        self.span = span
        self.clock = clock
        self.now = now
        self.logger = logger
        self.take = take
        startedAt = now()
    }

    /// Reads, and then waits for the graceful shutdown.
    func run() async {
        await cancelWhenGracefulShutdown { await replay() }
        try? await gracefulShutdown()
    }

    /// Reads until there is nothing more.
    func replay() async {
        var position: RunPosition?
        var count = 0
        var failed = false
        while !Task.isCancelled, count < Self.largestCount, now() < startedAt + span {
            let begun = ContinuousClock.now
            let page: RunPage
            do {
                page = try await reader.runs(
                    of: nil,
                    since: startedAt - span,
                    before: position,
                    limit: Self.pageSize
                )
            } catch {
                if !failed, !Task.isCancelled {
                    logger.warning("history is not read yet", metadata: ["reason": "\(error)"])
                }
                failed = true
                try? await clock.sleep(for: Self.patience)
                continue
            }
            count += page.runs.count + page.unreadable
            for run in page.runs where run.summary.completedAt < startedAt { await take(run.summary) }
            guard let next = page.next else { break }
            position = next
            try? await clock.sleep(for: begun.duration(to: .now) * Self.restRatio)
        }
        logger.debug("history is read", metadata: ["runs": "\(count)"])
    }
}
