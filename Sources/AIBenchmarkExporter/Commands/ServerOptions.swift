import ArgumentParser
import ExporterConfiguration
import ExporterServer
import Foundation
import Logging

/// The options that `serve` and `demo` share.
struct ServerOptions: ParsableArguments {
    @Option(
        name: .customLong("web.listen-address"),
        parsing: .singleValue,
        help: "Address to listen on, as HOST:PORT; may be repeated. (default: :10300)"
    )
    var listenAddresses: [String] = []

    @Option(
        name: .customLong("web.config.file"),
        help: "File with TLS, users, headers and a rate limit, in the format of Prometheus' exporter toolkit.",
        completion: .file()
    )
    var webConfigFile: String?

    @Option(name: .customLong("web.telemetry-path"), help: "Path of the metrics.")
    var telemetryPath = "/metrics"

    @Flag(name: .customLong("web.enable-lifecycle"), help: "Allow POST /-/reload from any address.")
    var enableLifecycle = false

    @Option(
        name: .customLong("state.dir"),
        help: "Folder of what must survive a restart.",
        completion: .directory
    )
    var stateDirectory: String?

    @Option(
        name: .customLong("store.url"),
        help: "Store in place of the configured one: sqlite:PATH, redis://HOST:PORT/DB, rediss://… or none."
    )
    var storeURL: String?

    @Option(name: .customLong("log.level"), help: "Least severe level to log: trace, debug, info, warning or error.")
    var logLevel: LogLevel = .info

    @Option(name: .customLong("log.format"), help: "Format of the log on standard error: logfmt or json.")
    var logFormat: LogFormat = .logfmt

    mutating func validate() throws {
        guard Routes.canHaveMetrics(at: telemetryPath) else {
            throw ValidationError(
                "--web.telemetry-path: '\(telemetryPath)' is not a path of its own that starts with '/' and has only letters, "
                    + "digits and -._~!$&'()*+,;=:@ between slashes"
            )
        }
    }

    /// The addresses to listen on.
    func parsedListenAddresses() throws -> [ListenAddress] {
        try (listenAddresses.isEmpty ? [":10300"] : listenAddresses).map { text in
            do {
                return try ListenAddress(parsing: text)
            } catch {
                throw CommandFailure(message: "--web.listen-address: \(error)", status: .badUsage)
            }
        }
    }

    /// The web configuration file.
    var webConfiguration: WebConfigurationFile? { webConfigFile.map { WebConfigurationFile(path: $0) } }

    /// A logger as the options have it, on standard error.
    func makeLogger() -> Logger {
        let format = logFormat
        var logger = Logger(label: "ai-benchmark-exporter") { _ in LogLineHandler(format: format) }
        logger.logLevel = logLevel.level
        return logger
    }
}

/// The levels that `--log.level` takes.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, warning, error

    var level: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}

extension LogFormat: ExpressibleByArgument {}
