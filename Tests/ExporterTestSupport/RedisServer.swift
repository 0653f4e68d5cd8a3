import Foundation

/// A real redis-server on a free loopback port, with its data in a folder of its own.
package final class RedisServer: Sendable {
    package let port: Int
    package let process: ChildProcess
    private let directory: TemporaryDirectory

    private init(port: Int, process: ChildProcess, directory: TemporaryDirectory) {
        self.port = port
        self.process = process
        self.directory = directory
    }

    /// Starts a server with further options, such as `["--requirepass", "…"]`, and returns when it accepts connections.
    ///
    /// `port` and `directory` are those of a server that this one takes the place of; a free port and a new folder
    /// otherwise.
    package static func start(
        port: Int? = nil,
        directory: TemporaryDirectory? = nil,
        arguments: [String] = []
    ) async throws -> RedisServer {
        let directory = try directory ?? TemporaryDirectory()
        var lastError: any Error = ChildProcess.Failure("redis-server was not started")
        for _ in 0..<5 {
            let chosen = try port ?? FreePort.find()
            let process = try ChildProcess(
                "redis-server",
                debianPackage: "redis-server",
                arguments: [
                    "--port", "\(chosen)", "--bind", "127.0.0.1", "--dir", directory.path, "--save", "", "--appendonly",
                    "no",
                ] + arguments
            )
            do {
                try await process.waitForLine(containing: "Ready to accept connections")
                return RedisServer(port: chosen, process: process, directory: directory)
            } catch {
                lastError = error
                guard port == nil else { break }
            }
        }
        throw lastError
    }

    /// The `redis://` URL of the first database.
    package var url: String { "redis://127.0.0.1:\(port)/0" }

    /// The folder with the data of the server.
    package var dataDirectory: TemporaryDirectory { directory }
}
