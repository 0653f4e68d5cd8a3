import Alerting
import ArgumentParser
import ExporterConfiguration

/// Prints the Prometheus rules for a configuration.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Print the Prometheus rules for the configuration.",
        discussion: """
            Example:
              ai-benchmark-exporter rules --scrape.interval 15s \\
                > ai-benchmark-exporter.rules.yml
            """
    )

    @Option(name: .customLong("config.file"), help: "Configuration file.", completion: .file())
    var configFile: String?

    @Option(
        name: .customLong("scrape.interval"),
        help: "Interval, such as 15s, at which Prometheus scrapes the exporter; every alert looks back over several."
    )
    var scrapeInterval = "1m"

    @Option(name: .customLong("runbooks.url"), help: "URL of the runbooks, which annotations point into.")
    var runbooks = RuleFile.usualRunbooks

    func validate() throws {
        _ = try interval()
    }

    private func interval() throws -> Duration {
        guard let interval = try? Duration(configurationText: scrapeInterval) else {
            throw ValidationError("--scrape.interval: '\(scrapeInterval)' is not a duration such as 15s")
        }
        return interval
    }

    func run() throws {
        let loaded = try ConfigurationFile(configFile).load()
        for warning in loaded.warnings { Console.error("\(warning) (warning)") }
        let text = try RuleFile.text(
            for: loaded.configuration,
            scrapeInterval: try interval(),
            runbooks: runbooks
        )
        try Console.output(text)
    }
}
