import BenchmarkModel
import ExporterTestSupport
import Logging
import Synchronization
import Testing

@testable import AIBenchmarkExporter
@testable import SnapshotStore

@Suite("what the pages recall of the history", .timeLimit(.minutes(1))) struct RunRecallTests {
    private static let startedAt = 1e9 + 3600

    /// A history of one run a minute, of which every third asking fails.
    private final class History: SnapshotReader {
        private let history: [RunSummary]
        private let asked = Mutex(0)

        init(of benchmarks: [String], hours: Int) {
            var generator = SeededGenerator(seed: 1)
            history = (0..<hours * 60).map { minute in
                let name = benchmarks[minute % benchmarks.count]
                let identity = BenchmarkIdentity(benchmark: name, operation: "get", target: "service")
                let ended = startedAt + 90 - Double(minute) * 60
                return SamplePage.run(identity, endedAt: ended, &generator).summary
            }
        }

        func runs(_ query: RunQuery) async throws(StoreError) -> RunPage {
            let count = asked.withLock { asked in
                asked += 1
                return asked
            }
            if count.isMultiple(of: 3) { throw StoreError(.failed, .read, of: "test", answer: "away") }
            let found = history.filter { $0.completedAt >= query.since && $0.benchmark == query.benchmark }
            var page = RunPage()
            page.runs = found.prefix(query.limit).map {
                StoredRunSummary(position: RunPosition(major: 0, minor: 0), summary: $0)
            }
            return page
        }

        func states() async throws(StoreError) -> StoredStates { StoredStates() }
    }

    @Test(
        "is the list of runs that ended before those that are replayed, once, however often the store does not answer"
    )
    func listed() async {
        let recent = RecentRuns()
        let names = (0..<30).map { "benchmark\($0)" }
        let recall = RunRecall(
            reader: History(of: names + ["gone"], hours: 20),
            recentRuns: recent,
            benchmarks: { names },
            before: Self.startedAt - 3600,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            pause: .zero
        )
        var listed: Set<String> = []
        var tries = 0
        while (try? await recall.read(&listed)) == nil { tries += 1 }
        #expect(tries > 10)
        for name in names {
            #expect((36...38).contains(recent[name].runs.count))
            #expect(recent[name].runs.allSatisfy { $0.completedAt < Self.startedAt - 3600 })
            #expect(Set(recent[name].runs.map(\.completedAt)).count == recent[name].runs.count)
            #expect(recent[name].plots.isEmpty)
        }
        #expect(recent["gone"].runs.isEmpty)
    }
}
