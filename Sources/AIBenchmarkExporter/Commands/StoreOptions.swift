import ArgumentParser
import ExporterConfiguration
import Probing

/// Where a command finds the store: as the exporter beside it does.
struct StoreOptions: ParsableArguments {
    @Option(name: .customLong("config.file"), help: "Configuration file.", completion: .file())
    var configFile: String?

    @Option(
        name: .customLong("state.dir"),
        help: "Folder of what must survive a restart.",
        completion: .directory
    )
    var stateDirectory: String?

    @Option(
        name: .customLong("store.url"),
        help: "Store in place of the configured one: sqlite:PATH, redis://HOST:PORT/DB or rediss://…"
    )
    var storeURL: String?

    /// Whether any of the options is given.
    var areGiven: Bool { configFile != nil || stateDirectory != nil || storeURL != nil }

    func access() throws -> StoreAccess {
        access(try load())
    }

    /// The configuration, with the store that the options name.
    func load() throws(CommandFailure) -> LoadedConfiguration {
        try ConfigurationFile(configFile, storeOverride: storeURL).load()
    }

    /// The ways to the store of `loaded`.
    func access(_ loaded: LoadedConfiguration) -> StoreAccess {
        StoreAccess(
            configuration: loaded.configuration,
            stateDirectory: stateDirectory ?? ".",
            resolver: NameResolver()
        )
    }
}

extension StoreAccess {
    /// What a command says that needs a store where none is configured.
    static let nothingKept = CommandFailure(
        message: "ai-benchmark-exporter: nothing is kept: the configured store is none",
        status: .badUsage
    )
}

extension CommandFailure {
    /// Something that went wrong with the store or the exporter, as the command named `command` says it.
    init(_ command: String, _ error: any Error) {
        self.init(message: "\(command): \(error)", status: .failure)
    }
}
