import Analysis
import ArgumentParser
import BenchmarkModel
import Foundation
import Probing
import SnapshotStore

/// What benchmarks are compared with.
struct BaselineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Show, accept or reset what benchmarks are compared with.",
        discussion: """
            docs/regression.md explains baselines.

            Examples:
              ai-benchmark-exporter baseline
              ai-benchmark-exporter baseline accept model_response \\
                --via http://localhost:10300 --token.file admin.token
            """,
        subcommands: [Show.self, Accept.self, Reset.self],
        defaultSubcommand: Show.self
    )

    /// Prints baselines, and how their benchmarks stand against them.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print baselines and how the benchmarks stand against them; changes nothing.",
            discussion: """
                Example:
                  ai-benchmark-exporter baseline show model_response
                """
        )

        @Argument(help: ArgumentHelp("Benchmarks; all where none is named.", valueName: "name"))
        var names: [String] = []

        @OptionGroup
        var store: StoreOptions

        func run() async throws {
            let access = try store.access()
            guard let reader = access.makeReader() else { throw StoreAccess.nothingKept }
            let stored: StoredStates
            do {
                stored = try await reader.states()
            } catch {
                throw CommandFailure("baseline show", error)
            }
            for value in stored.refused { Console.error("\(value.subject): \(value.reason) (left out)".printable) }
            let selected = try stored.states.selecting(names, of: access, for: "baseline show")
            try Console.output(BaselineTable.text(of: selected))
        }
    }

    /// Makes the present level the baseline.
    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept",
            abstract: "Make the present level of benchmarks their baseline.",
            discussion: """
                While an exporter is running, it must do that: name it with --via.

                Example:
                  ai-benchmark-exporter baseline accept model_response \\
                    --via http://localhost:10300
                """
        )

        @OptionGroup
        var options: BaselineChangeOptions

        func run() async throws {
            try await options.run(.accept)
        }
    }

    /// Forgets what was learnt.
    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset",
            abstract: "Forget the baseline of benchmarks, and learn it anew from the next runs.",
            discussion: """
                While an exporter is running, it must do that: name it with --via.

                Example:
                  ai-benchmark-exporter baseline reset --all --via http://localhost:10300
                """
        )

        @OptionGroup
        var options: BaselineChangeOptions

        func run() async throws {
            try await options.run(.reset)
        }
    }
}

/// Which baselines are changed, and by whom.
struct BaselineChangeOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Benchmarks.", valueName: "name"))
    var names: [String] = []

    @Flag(help: "All benchmarks.")
    var all = false

    @OptionGroup
    var running: RunningExporterOptions

    @OptionGroup
    var store: StoreOptions

    mutating func validate() throws {
        guard all == names.isEmpty else {
            throw ValidationError(all ? "--all: name benchmarks or all of them, not both" : "name benchmarks, or --all")
        }
        guard running.via == nil || !store.areGiven else {
            throw ValidationError("--via: the running exporter has its own configuration, name none")
        }
    }

    func run(_ change: BaselineChange) async throws {
        let command = "baseline \(change.rawValue)"
        let baselines =
            if let exporter = try running.exporter() {
                try await ask(exporter, for: change, command)
            } else {
                try await BaselineStoreEdit(access: try store.access(), command: command).apply(change, to: names)
            }
        try Console.output(change.text(of: baselines))
    }

    private func ask(
        _ exporter: RunningExporter,
        for change: BaselineChange,
        _ command: String
    ) async throws -> [ChangedBaseline] {
        let asked = ChangeRequest(benchmarks: all ? nil : names, action: change.rawValue)
        let path = "\(ManagementAPI.base)/benchmarks/baseline"
        let answer = try await exporter.post(path, asked, for: command)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let view: BaselineResource.View
        do {
            view = try decoder.decode(BaselineResource.View.self, from: answer)
        } catch {
            throw CommandFailure(
                message:
                    "\(command): \(exporter.url) has done it, in the words of another version; see 'baseline show'",
                status: .failure
            )
        }
        if view.durable == false {
            Console.error("\(command): not stored, so that a restart may forget it")
        }
        return view.baselines
    }

    private struct ChangeRequest: Encodable {
        /// Left out for all.
        var benchmarks: [String]?
        var action: String
    }
}

extension BaselineChange {
    /// What has become of each baseline, a line each, as a person at a terminal reads it.
    func text(of baselines: [ChangedBaseline]) -> String {
        var lines = baselines.map { baseline in
            let name = "\(baseline.benchmark) \(baseline.operation) of \(baseline.target)"
            let part = baseline.part.map { " from \($0)" } ?? ""
            return "\(name)\(part): \(outcome(of: baseline))".printable
        }
        if self == .accept, baselines.contains(where: { $0.outcome == .learning }) {
            lines.append(
                "What is learning has no baseline, and makes no alarm, until its level has lasted for "
                    + "\(RegressionDetector.baselineRuns) runs with \(RegressionDetector.baselineValues) successes and holds still."
            )
        }
        return lines.joined(separator: "\n")
    }

    private func outcome(of baseline: ChangedBaseline) -> String {
        let learnt = String(format: "%.0f %%", baseline.learntRatio * 100)
        return switch (self, baseline.outcome) {
        case (.reset, _): "the baseline is learnt anew"
        case (.accept, .accepted): "the present level is accepted"
        case (.accept, .learning): "learning, \(learnt)"
        case (.accept, .unchanged): "was still learning, \(learnt); unchanged"
        }
    }
}

extension [String: BenchmarkState] {
    /// The states of the benchmarks of these names, or all, in order of their names; throws where one is not there, or none is.
    func selecting(
        _ names: [String],
        of access: StoreAccess,
        for command: String
    ) throws(CommandFailure) -> [BenchmarkState] {
        guard !isEmpty else {
            throw CommandFailure(
                message: "\(command): no exporter has stored anything yet in \(access.place)",
                status: .failure
            )
        }
        if let name = names.first(where: { self[$0] == nil }) {
            throw CommandFailure(
                message: "\(command): the store has no benchmark '\(name)'; "
                    + "it has \(keys.sorted().joined(separator: ", "))",
                status: .badUsage
            )
        }
        return (names.isEmpty ? keys.sorted() : names).compactMap { self[$0] }
    }
}
