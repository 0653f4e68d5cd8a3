import Analysis
import ArgumentParser
import BenchmarkModel
import SnapshotStore

/// What benchmarks are compared with.
struct BaselineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Show, accept or reset what benchmarks are compared with.",
        discussion: "docs/regression.md explains baselines.",
        subcommands: [Show.self, Accept.self, Reset.self],
        defaultSubcommand: Show.self
    )

    /// Prints baselines, and how their benchmarks stand against them.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print baselines and how the benchmarks stand against them; changes nothing.",
            discussion: "Example: ai-benchmark-exporter baseline show model_response"
        )

        @Argument(help: ArgumentHelp("Benchmarks; all where none is named.", valueName: "name"))
        var names: [String] = []

        @OptionGroup
        var store: StoreOptions

        func run() async throws {
            guard let reader = try store.access().makeReader() else { throw StoreAccess.nothingKept }
            let stored: StoredStates
            do {
                stored = try await reader.states()
            } catch {
                throw CommandFailure("baseline show", error)
            }
            for value in stored.refused { Console.error("\(value.subject): \(value.reason) (left out)") }
            let selected = try stored.states.selecting(names, for: "baseline show")
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
                Example: ai-benchmark-exporter baseline accept model_response --via http://localhost:10300
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
                Example: ai-benchmark-exporter baseline reset --all --via http://localhost:10300
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
    }

    func run(_ change: BaselineChange) async throws {
        let command = "baseline \(change.rawValue)"
        if let exporter = try running.exporter() {
            let asked = ChangeRequest(benchmarks: all ? nil : names, action: change.rawValue)
            try await exporter.post("\(ManagementAPI.base)/benchmarks/baseline", asked, for: command)
        } else {
            try await BaselineStoreEdit(access: try store.access(), command: command).apply(change, to: names)
        }
        try Console.output("\(all ? "all benchmarks" : names.joined(separator: ", ")): \(change.outcome)")
    }

    private struct ChangeRequest: Encodable {
        /// Left out for all.
        var benchmarks: [String]?
        var action: String
    }
}

extension BaselineChange {
    fileprivate var outcome: String {
        switch self {
        case .accept: "the present level is accepted"
        case .reset: "the baseline is learnt anew"
        }
    }
}

extension [String: BenchmarkState] {
    /// The states of the benchmarks of these names, or all, in order of their names.
    func selecting(_ names: [String], for command: String) throws(CommandFailure) -> [BenchmarkState] {
        if let name = names.first(where: { self[$0] == nil }) {
            throw CommandFailure(
                message: "\(command): the store has no benchmark '\(name)'; "
                    + "it has \(isEmpty ? "none" : keys.sorted().joined(separator: ", "))",
                status: .badUsage
            )
        }
        return (names.isEmpty ? keys.sorted() : names).compactMap { self[$0] }
    }
}
