import BenchmarkModel
import ExporterTestSupport
import Logging
import Synchronization
import Testing

@testable import AIBenchmarkExporter
@testable import SnapshotStore

@Suite("replaying the history", .timeLimit(.minutes(1))) struct HistoryReplayTests {
    /// A history of runs, newest first, that fails as often as it is told to.
    private final class History: SnapshotReader {
        private let runs: [StoredRunSummary]
        private let failures: Mutex<Int>
        private let asked = Mutex<[RunQuery]>([])

        var queries: [RunQuery] { asked.withLock(\.self) }

        init(_ runs: [RunSummary], failures: Int = 0) {
            self.runs = runs.enumerated().map { index, run in
                StoredRunSummary(position: RunPosition(major: UInt64(runs.count - index), minor: 0), summary: run)
            }
            self.failures = Mutex(failures)
        }

        func runs(_ query: RunQuery) async throws(StoreError) -> RunPage {
            asked.withLock { $0.append(query) }
            let fails = failures.withLock { failures in
                failures -= 1
                return failures >= 0
            }
            if fails { throw StoreError(.failed, .read, of: "test", answer: "away") }
            let rest = runs.filter {
                $0.summary.completedAt >= query.since && $0.position.major < query.before?.major ?? .max
            }
            var page = RunPage()
            page.runs = Array(rest.prefix(query.limit))
            page.next = rest.count > page.runs.count ? page.runs.last?.position : nil
            return page
        }

        func states() async throws(StoreError) -> StoredStates { StoredStates() }
    }

    /// The times of the runs that were handed on.
    private final class Taken: Sendable {
        private let state = Mutex<[Double]>([])

        var seconds: [Double] { state.withLock(\.self) }

        func take(_ run: RunSummary) { state.withLock { $0.append(run.completedAt) } }
    }

    private let clock = ManualClock()
    private let log = LogLines()
    private let taken = Taken()

    private func replay(_ history: History, now: @escaping @Sendable () -> Double = { 100_000 }) -> HistoryReplay {
        HistoryReplay(
            of: history,
            reaching: 86_400,
            clock: clock,
            now: now,
            logger: Logger(label: "test") { _ in log },
            take: { taken.take($0) }
        )
    }

    private static func run(_ second: Double) -> RunSummary { SampleRun.summary(at: second, milliseconds: [10]) }

    @Test("hands on every run of the span once, newest first, with a rest after each page; not those of this process")
    func pages() async {
        let history = History(
            [100_001, 100_000].map(Self.run) + (1...120).map { Self.run(100_000 - Double($0)) } + [Self.run(13_599)]
        )
        await withDiscardingTaskGroup { group in
            group.addTask { await replay(history).replay() }
            for _ in 1...2 {
                await clock.waitForSleepers()
                clock.advance(by: .seconds(600))
            }
        }
        #expect(taken.seconds == (1...120).map { 100_000 - Double($0) })
        #expect(history.queries.map(\.since) == [13_600, 13_600, 13_600])
    }

    @Test("a store that does not answer is asked again where reading stopped, and only one line is logged")
    func patience() async {
        let history = History((1...60).map { Self.run(100_000 - Double($0)) }, failures: 2)
        await withDiscardingTaskGroup { group in
            group.addTask { await replay(history).replay() }
            for _ in 1...3 {
                await clock.waitForSleepers()
                clock.advance(by: .seconds(600))
            }
        }
        #expect(taken.seconds.count == 60)
        #expect(log.lines == ["warning: history is not read yet"])
    }

    @Test("nothing is asked any more once no answer could matter")
    func tooLate() async {
        let time = Mutex(100_000.0)
        let history = History([Self.run(99_999)], failures: 9)
        let replay = replay(history) { time.withLock { $0 } }
        await withDiscardingTaskGroup { group in
            group.addTask { await replay.replay() }
            await clock.waitForSleepers()
            time.withLock { $0 += 86_400 }
            clock.advance(by: .seconds(600))
        }
        #expect(history.queries.count == 1)
        #expect(taken.seconds.isEmpty)
    }

    @Test("a cancellation ends it at once")
    func cancelled() async {
        let history = History([Self.run(99_999)], failures: .max)
        await withTaskGroup { group in
            group.addTask { await replay(history).replay() }
            await clock.waitForSleepers()
            group.cancelAll()
        }
        #expect(history.queries.count == 1)
    }
}
