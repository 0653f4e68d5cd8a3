import ArgumentParser
import ExporterConfiguration

/// Prints a configuration to start from.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Print a commented configuration file to start from."
    )

    func run() {
        Console.output(ConfigurationTemplate.commented)
    }
}
