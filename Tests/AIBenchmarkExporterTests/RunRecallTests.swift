import BenchmarkModel
import ExporterTestSupport
import Logging
import Synchronization
import Testing

@testable import AIBenchmarkExporter

@Suite("what the pages recall of the history", .timeLimit(.minutes(1))) struct RunRecallTests {
    private static let startedAt = 1e9 + 3600

    private struct Failure: Error {}

    /// A history of one run a minute, in pages of at most 7, of which every third asking fails.
    private static func source(of benchmarks: [String], hours: Int) -> ResultSource {
        var generator = SeededGenerator(seed: 1)
        var runs: [RunSummary] = []
        for minute in 0..<hours * 60 {
            let name = benchmarks[minute % benchmarks.count]
            let identity = BenchmarkIdentity(benchmark: name, operation: "get", target: "service")
            let ended = startedAt + 90 - Double(minute) * 60
            runs.append(SamplePage.run(identity, endedAt: ended, &generator).summary)
        }
        let history = runs
        let asked = Mutex(0)
        return ResultSource(
            page: { query in
                let count = asked.withLock { asked in
                    asked += 1
                    return asked
                }
                if count.isMultiple(of: 3) { throw Failure() }
                let found = history.filter {
                    $0.completedAt >= query.since && $0.benchmark == query.benchmark ?? $0.benchmark
                }
                let offset = query.cursor.flatMap(Int.init) ?? 0
                let page = found.dropFirst(offset).prefix(min(query.limit, query.benchmark == nil ? 7 : 100))
                let next = offset + page.count < found.count ? "\(offset + page.count)" : nil
                return ResultPage(results: page.map { StoredResult(id: "", run: $0) }, next: next)
            },
            result: { _ in nil }
        )
    }

    @Test(
        "is the list of runs that ended before those that are replayed, once, however often the store does not answer"
    )
    func listed() async {
        let recent = RecentRuns()
        let names = (0..<30).map { "benchmark\($0)" }
        let recall = RunRecall(
            source: Self.source(of: names + ["gone"], hours: 20),
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
