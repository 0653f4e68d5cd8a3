import ArgumentParser
import BenchmarkModel
import ExporterConfiguration
import Foundation
import SnapshotStore

/// What the runs of a benchmark were like.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Print the runs of a benchmark from the store, with a plot of P95 against the objective.",
        discussion: """
            Examples:
              ai-benchmark-exporter history model_response --since 7d
              ai-benchmark-exporter history model_response --output csv > runs.csv
            """
    )

    /// The most runs that are read.
    private static let runLimit = 20_000

    @Argument(help: "Benchmark.")
    var name: String

    @Option(help: "How far to look back, such as 90m, 24h or 7d.")
    var since = "24h"

    @Option(help: "Format of the output: table, csv or json.")
    var output: Format = .table

    // Whatever comes next is the number, so that a negative one is named as such.
    @Option(parsing: .unconditional, help: "How many of the last runs the table lists.")
    var runs = 20

    @OptionGroup
    var store: StoreOptions

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, json
    }

    func validate() throws {
        guard runs >= 0 else { throw ValidationError("--runs: \(runs) is negative") }
        _ = try span()
    }

    private func span() throws -> Duration {
        guard let span = try? Duration(configurationText: since) else {
            throw ValidationError("--since: '\(since)' is not a duration such as 24h")
        }
        return span
    }

    func run() async throws {
        let access = try store.access()
        guard let reader = access.makeReader() else { throw StoreAccess.nothingKept }
        let history = try await read(reader, since: WallClock.now - span().seconds)
        if history.runs.isEmpty {
            if history.unreadable == 0 { try await checkName(reader, access) }
            Console.error("history: no run of '\(name)' within \(since)")
        }
        if history.unreadable > 0 { Console.error("history: \(history.unreadable) runs cannot be read (left out)") }
        if !history.isWhole { Console.error("history: only the last \(Self.runLimit) runs; choose a shorter --since") }
        switch output {
        case .table:
            let environment = ProcessInfo.processInfo.environment
            let view = HistoryView(
                width: max(HistoryView.leastWidth, Terminal.width(environment) ?? HistoryView.usualWidth),
                isColoured: Terminal.hasColour(environment)
            )
            if !history.runs.isEmpty { try Console.output(view.text(of: history.runs, listing: runs)) }
        case .csv: try Console.output(HistoryRow.csv(history.runs.flatMap(HistoryRow.rows)))
        case .json: try Console.output(HistoryRow.json(history.runs.flatMap(HistoryRow.rows)))
        }
    }

    /// Throws where the store knows no benchmark of the name, with those that it knows.
    private func checkName(_ reader: any SnapshotReader, _ access: StoreAccess) async throws {
        let stored: StoredStates
        do {
            stored = try await reader.states()
        } catch {
            throw CommandFailure("history", error)
        }
        if stored.refused.contains(where: { $0.subject == name }) { return }
        _ = try stored.states.selecting([name], of: access, for: "history")
    }

    /// Oldest first.
    private func read(
        _ reader: any SnapshotReader,
        since: Double
    ) async throws -> (runs: [RunSummary], unreadable: Int, isWhole: Bool) {
        var runs: [RunSummary] = []
        var unreadable = 0
        var before: RunPosition?
        repeat {
            let page: RunPage
            do {
                page = try await reader.runs(
                    of: name,
                    since: since,
                    before: before,
                    limit: min(RunQuery.largestLimit, Self.runLimit - runs.count)
                )
            } catch {
                throw CommandFailure("history", error)
            }
            runs += page.runs.map(\.summary)
            unreadable += page.unreadable
            before = page.next
        } while before != nil && runs.count < Self.runLimit
        return (runs.reversed(), unreadable, before == nil)
    }
}
