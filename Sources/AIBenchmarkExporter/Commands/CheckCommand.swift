import ArgumentParser
import ExporterConfiguration

/// Checks a configuration and says every problem at once.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration; exits with 2 when it has a problem.",
        discussion: """
            Example:
              ai-benchmark-exporter check --config.file ai-benchmark-exporter.yml
            """
    )

    @Option(name: .customLong("config.file"), help: "Configuration file.", completion: .file())
    var configFile: String?

    func run() throws {
        try Self.check(try ConfigurationFile(configFile))
    }

    /// Says every problem of `file`, or that it has none.
    static func check(_ file: ConfigurationFile) throws {
        let loaded = try file.load()
        for warning in loaded.warnings { Console.error("\(warning) (warning)") }
        let count = loaded.configuration.benchmarks.count
        try Console.output("\(file.path): \(count) benchmark\(count == 1 ? "" : "s"), no problems")
    }
}
