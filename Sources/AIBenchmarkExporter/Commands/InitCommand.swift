import ArgumentParser
import BenchmarkModel
import ExporterConfiguration

/// Prints a configuration to start from.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Print a commented configuration file to start from.",
        discussion: """
            Examples:
              ai-benchmark-exporter init > ai-benchmark-exporter.yml
              ai-benchmark-exporter init --category memory_operations
            """
    )

    @Option(help: "Print an example of one category instead.")
    var category: BenchmarkCategory?

    func run() throws {
        try Console.output(category.map(CategoryExample.text) ?? ConfigurationTemplate.commented)
    }
}

extension BenchmarkCategory: ExpressibleByArgument {}
