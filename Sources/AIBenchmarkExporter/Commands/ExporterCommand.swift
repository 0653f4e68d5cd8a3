import ArgumentParser
import BenchmarkModel

/// The command line: subcommands, and exit statuses as Unix users expect them.
@main
struct ExporterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ai-benchmark-exporter",
        abstract: "Keeps benchmarking an AI service and exposes the results to Prometheus.",
        discussion: """
            Examples:
              ai-benchmark-exporter demo
              ai-benchmark-exporter init > ai-benchmark-exporter.yml
              ai-benchmark-exporter --config.file ai-benchmark-exporter.yml
              ai-benchmark-exporter run --target http://127.0.0.1:8000 \\
                --category health_check
            """,
        version: "ai-benchmark-exporter, version \(ExporterVersion.current)",
        subcommands: [
            ServeCommand.self, DemoCommand.self, CheckCommand.self, InitCommand.self, RulesCommand.self,
            RunCommand.self, TokenCommand.self, BaselineCommand.self, HistoryCommand.self,
            HealthcheckCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )

    /// Parses and runs; wrong arguments and a wrong configuration exit with 2, anything else that fails with 1.
    static func main() async {
        FreedMemory.bound()
        do {
            var command = try parseAsRoot()
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withError: ExitCode(say(error).rawValue))
        }
    }

    /// Says why a command ended, which may be that it has shown its help; returns the exit status.
    private static func say(_ error: any Error) -> ExitStatus {
        if let failure = error as? CommandFailure {
            Console.error(failure.message)
            return failure.status
        }
        let message = fullMessage(for: error)
        switch exitCode(for: error) {
        case .success:
            do throws(CommandFailure) { try Console.output(message) } catch { return say(error) }
            return .success
        case .validationFailure:
            Console.error(message)
            return .badUsage
        case let code:
            if !message.isEmpty { Console.error("ai-benchmark-exporter: \(message)") }
            return ExitStatus(rawValue: code.rawValue) ?? .failure
        }
    }
}

/// The exit statuses of every command.
enum ExitStatus: Int32 {
    case success = 0
    case failure = 1
    /// Wrong arguments, or a wrong configuration; of `run`, that it has not measured what it was asked for.
    case badUsage = 2
    /// Ended by SIGINT, as a shell says it.
    case interrupted = 130
    /// Ended by SIGTERM, as a shell says it.
    case terminated = 143
}

/// Why a command ends: what is said on standard error, and the exit status.
struct CommandFailure: Error {
    var message: String
    var status: ExitStatus
}
