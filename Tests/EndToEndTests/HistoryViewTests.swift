import Analysis
import BenchmarkModel
import Foundation
import Testing

@testable import AIBenchmarkExporter

@Suite("the history in a terminal") struct HistoryViewTests {
    private static let identity = BenchmarkIdentity(benchmark: "a", operation: "get, \"x\"", target: "assistant")

    /// A run at that second of 1970, each of whose iterations took so long; a negative one failed.
    private static func run(_ second: Int, milliseconds: [Int], state: RegressionState = .stable) -> RunSummary {
        var record = OperationRecord(
            identity: identity,
            objective: Objective(target: .milliseconds(100)),
            warmupIterations: [],
            iterations: milliseconds.map { value in
                IterationOutcome(
                    duration: .milliseconds(abs(value)),
                    failure: value < 0 ? IterationFailure(.timeout, "timed out") : nil
                )
            },
            elapsed: .seconds(1)
        )
        record.finding = RegressionDetector.finding(of: BaselineState(fingerprint: ""))
        record.finding?.state = state
        return RunRecord(
            benchmark: "a",
            outcome: .completed,
            intendedAt: Double(second),
            completedAt: Double(second),
            lateness: .zero,
            operations: [record]
        ).summary
    }

    private static let runs = [
        run(0, milliseconds: [10, 10]), run(60, milliseconds: [50, 50]),
        run(120, milliseconds: [200, 200], state: .degraded),
        run(180, milliseconds: [20, -20], state: .degraded),
    ]

    @Test("a plot has a column for each run, the objective as a line, and marks")
    func plot() {
        let text = HistoryView(width: 80, isColoured: false).text(of: Self.runs, listing: 1)
        #expect(
            text == """
                a get, "x" of assistant
                     P95 ┤  ▄×
                         ┤  █ 
                         ┤  █ 
                         ┤  █ 
                  100 ms ┤┈┈█┈
                         ┤  █ 
                         ┤ ▇█ 
                         ┤▃██ 
                         └──▲▲
                          1970-01-01T00:00:00Z to 1970-01-01T00:03:00Z
                          ┈ objective  × failed  ▲ worse than the baseline  ▼ better  · learning
                Together: 4 runs, 8 iterations, 87.50 % succeeded, mean 77.1 ms, P50 49.2 ms, P95 197 ms, P99 197 ms
                TIME                  N  SUCCESS      P50     P95  OBJECTIVE  GRADE  BASELINE
                1970-01-01T00:03:00Z  2     50 %  20.0 ms  failed     100 ms  fail   degraded
                """
        )
    }

    @Test("where there are more runs than columns, a column is the worst of several, and no line is too long")
    func narrow() {
        let runs = (0..<1_000).map { Self.run($0, milliseconds: [$0 == 500 ? 1_000 : 10]) }
        let text = HistoryView(width: 40, isColoured: false).text(of: runs, listing: 0)
        let plot = text.split(separator: "\n").filter { $0.contains("┤") }
        #expect(plot.count == 8)
        #expect(plot.allSatisfy { $0.count <= 40 })
        // The highest column ends within the uppermost row.
        #expect(plot[0].contains("▄") && plot[1].contains("█"))
    }

    @Test("colours mark what is beyond the objective, and nothing else")
    func colours() {
        let text = HistoryView(width: 80, isColoured: true).text(of: [Self.runs[0]], listing: 0)
        #expect(!text.contains("\u{1B}"))
        #expect(HistoryView(width: 80, isColoured: true).text(of: Self.runs, listing: 0).contains("\u{1B}[31m█"))
    }

    @Test("no run, and a run without an iteration, are no reason to fail")
    func empty() {
        #expect(HistoryView(width: 80, isColoured: false).text(of: [], listing: 20) == "")
        let text = HistoryView(width: 80, isColoured: false).text(of: [Self.run(0, milliseconds: [])], listing: 20)
        #expect(text.contains("No run with an iteration.\nTogether: 1 runs, 0 iterations\n"))
    }

    @Test("rows are for programs: CSV is quoted, and a percentile that falls on a failure is empty, in JSON left out")
    func rows() throws {
        let rows = HistoryRow.rows(of: Self.runs[3])
        #expect(
            HistoryRow.csv(rows).split(separator: "\r\n").last
                == "1970-01-01T00:03:00Z,a,\"get, \"\"x\"\"\",assistant,completed,2,0.5,0.02,0.02,,,0.1,fail,,,degraded,"
        )
        let json = try JSONDecoder().decode([[String: Shown]].self, from: Data(try HistoryRow.json(rows).utf8))
        #expect(json[0]["p50_seconds"]?.number == 0.02)
        #expect(json[0]["p95_seconds"] == nil)
    }

    private struct Shown: Decodable {
        var number: Double?

        init(from decoder: any Decoder) throws {
            number = try? decoder.singleValueContainer().decode(Double.self)
        }
    }

    @Test("turns on one benchmark follow each other, those on another do not wait", .timeLimit(.minutes(1)))
    func turns() async {
        let turns = Turns()
        let order = AsyncStream<Int>.makeStream()
        let opened = AsyncStream<Void>.makeStream()
        await withDiscardingTaskGroup { group in
            group.addTask {
                await turns.take("a") {
                    order.continuation.yield(1)
                    for await _ in opened.stream { break }
                    order.continuation.yield(3)
                }
            }
            var iterator = order.stream.makeAsyncIterator()
            #expect(await iterator.next() == 1)
            group.addTask { await turns.take("a") { _ = order.continuation.yield(4) } }
            await turns.take("b") { _ = order.continuation.yield(2) }
            #expect(await iterator.next() == 2)
            opened.continuation.yield()
            #expect(await iterator.next() == 3)
            #expect(await iterator.next() == 4)
        }
    }
}
