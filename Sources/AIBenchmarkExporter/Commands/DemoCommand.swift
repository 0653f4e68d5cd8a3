import ArgumentParser
import DemoService
import ExporterConfiguration
import ExporterServer
import Foundation
import Logging
import NIOPosix

/// A simulated AI service and an exporter beside it, in one process.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Start a simulated AI service and probe it every few seconds.",
        discussion: """
            Examples:
              ai-benchmark-exporter demo
              ai-benchmark-exporter demo --web.listen-address 127.0.0.1:9999 \\
                --store.url redis://127.0.0.1:6379/0
            """
    )

    /// The port in the examples of the README.
    private static let usualServicePort: UInt16 = 10301

    @Option(
        name: .customLong("demo.listen-port"),
        help: "Port of the simulated service on 127.0.0.1; 0 for any. (default: 10301, or any where it is taken)"
    )
    var servicePort: UInt16?

    @Option(name: .customLong("demo.seed"), help: "Seed of the simulated latencies.")
    var seed: UInt64 = 42

    @OptionGroup
    var options: ServerOptions

    func run() async throws {
        let logger = options.makeLogger()
        let service = try await bindService(logger: logger)
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (token, tokenHash) = AccessToken.generate()
        let text = DemoConfiguration.text(baseURL: service.baseURL, tokenHash: tokenHash)
        let source = { @Sendable [options] () throws(CommandFailure) in
            try ConfigurationFile.load(text, file: "demo", storeOverride: options.storeURL)
        }
        try await Assembly(
            options: options,
            stateDirectory: options.stateDirectory ?? folder.path,
            source: source,
            loaded: try source(),
            logger: logger,
            companion: service,
            announce: { url in
                try Console.output(
                    """
                    The demo is running; Ctrl-C ends it.
                      metrics            \(url)\(options.telemetryPath)
                      status page        \(url)/
                      simulated service  \(service.baseURL)
                    Make the service slow, break it, and make it well again:
                      curl -X PUT -d '{"slow_by_ms": 400}' \(service.baseURL)/demo/behaviour
                      curl -X PUT -d '{"fail_ratio": 0.5}' \(service.baseURL)/demo/behaviour
                      curl -X DELETE \(service.baseURL)/demo/behaviour
                    Ask the management API, and sign in on the page above, with a token for as long as the demo runs:
                      curl -H 'Authorization: Bearer \(token)' \(url)\(ManagementAPI.base)/benchmarks/status
                    """
                )
            }
        ).runUntilTerminated()
    }

    private func bindService(logger: Logger) async throws(CommandFailure) -> DemoService {
        func bind(_ port: UInt16) async throws -> DemoService {
            try await DemoService.bind(
                port: Int(port),
                seed: seed,
                group: .singletonMultiThreadedEventLoopGroup,
                logger: logger
            )
        }
        if servicePort == nil, let service = try? await bind(Self.usualServicePort) { return service }
        do {
            return try await bind(servicePort ?? 0)
        } catch {
            throw CommandFailure(message: "ai-benchmark-exporter: \(error)", status: .failure)
        }
    }
}

/// A folder that the demo removes when it ends.
private struct TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "ai-benchmark-exporter-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
