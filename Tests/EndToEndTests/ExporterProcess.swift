import ExporterTestSupport
import Foundation
import NIOHTTP1

/// The real binary, started by a test.
final class ExporterProcess: Sendable {
    let process: ChildProcess
    let port: Int

    private init(process: ChildProcess, port: Int) {
        self.process = process
        self.port = port
    }

    /// The path of the binary beside the tests.
    static var binary: String {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        return tests.appendingPathComponent("ai-benchmark-exporter").path
    }

    /// The command of bash that runs the binary as one to whom permissions apply, which they do not to root.
    static let withoutPrivileges =
        (geteuid() == 0 ? "exec setpriv --securebits +noroot --bounding-set -all --inh-caps -all" : "exec")
        + " \"$0\" \"$@\""

    /// Starts the exporter in `directory` with `configuration`, and returns when it serves.
    static func start(
        configuration: String,
        in directory: TemporaryDirectory,
        port: Int = 0,
        arguments: [String] = [],
        environment: [String: String] = [:],
        shell: String? = nil
    ) async throws -> ExporterProcess {
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        return try await start(
            arguments: ["serve", "--web.listen-address", "127.0.0.1:\(port)"] + arguments,
            in: directory,
            environment: environment,
            shell: shell
        )
    }

    /// Starts the binary with `arguments` in `directory`, and returns when it serves; `shell` is as for `run`.
    static func start(
        arguments: [String],
        in directory: TemporaryDirectory,
        environment: [String: String] = [:],
        shell: String? = nil
    ) async throws -> ExporterProcess {
        let process = try launch(arguments, in: directory, environment: environment, shell: shell)
        let line = try await process.waitForLine(containing: "listening")
        let digits = line.reversed().drop { !$0.isNumber }.prefix { $0.isNumber }.reversed()
        guard let port = Int(String(digits)) else {
            throw ChildProcess.Failure("no port in '\(line)'")
        }
        return ExporterProcess(process: process, port: port)
    }

    /// Runs the binary to its end, and returns its exit status and what it printed.
    ///
    /// With a `shell`, that is the command of bash that runs the binary, `$0`, with its arguments, `$@`.
    static func run(
        _ arguments: [String],
        in directory: TemporaryDirectory,
        environment: [String: String] = [:],
        shell: String? = nil
    ) async throws -> (status: Int32, output: String) {
        let process = try launch(arguments, in: directory, environment: environment, shell: shell)
        let status = await process.waitForExit()
        _ = try? await process.waitForLine(containing: "\u{0}")
        return (status, process.lines.joined(separator: "\n"))
    }

    private static func launch(
        _ arguments: [String],
        in directory: TemporaryDirectory,
        environment: [String: String],
        shell: String?
    ) throws -> ChildProcess {
        try ChildProcess(
            shell == nil ? binary : "bash",
            arguments: (shell.map { ["-c", $0, binary] } ?? []) + arguments,
            environment: environment,
            directory: directory.path
        )
    }

    /// Sends one request on a connection of its own.
    func request(_ method: String, _ path: String, headers: HTTPHeaders = [:]) async throws -> LoopbackHTTP.Answer {
        try await LoopbackHTTP.request(method, path, port: port, headers: headers)
    }

    /// The metrics, read by a strict parser.
    func scrape() async throws -> ParsedExposition {
        try TextFormatParser.parse(try await request("GET", "/metrics").text)
    }

    /// Ends the exporter in order, and returns its exit status.
    func stop() async -> Int32 {
        process.signal(SIGTERM)
        return await process.waitForExit()
    }
}
