import ArgumentParser

/// The daemon.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Probe on schedule and serve /metrics (default).",
        discussion: """
            Examples:
              ai-benchmark-exporter --config.file ai-benchmark-exporter.yml
              ai-benchmark-exporter serve --web.listen-address 127.0.0.1:10300 \\
                --store.url redis://127.0.0.1:6379/0
            """
    )

    @Option(name: .customLong("config.file"), help: "Configuration file.", completion: .file())
    var configFile: String?

    @Flag(name: .customLong("config.check"), help: "Check the configuration and exit.")
    var configCheck = false

    @OptionGroup
    var options: ServerOptions

    func run() async throws {
        let file = try ConfigurationFile(configFile, storeOverride: options.storeURL)
        if configCheck {
            if let web = options.webConfiguration { _ = try web.settings(of: try web.read()) }
            return try CheckCommand.check(file)
        }
        let logger = options.makeLogger()
        let loaded = try file.load()
        try await Assembly(
            options: options,
            stateDirectory: options.stateDirectory ?? ".",
            source: { () throws(CommandFailure) in try file.load() },
            loaded: loaded,
            logger: logger
        ).runUntilTerminated()
    }
}
