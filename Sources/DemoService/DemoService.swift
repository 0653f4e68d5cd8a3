import Foundation
package import Logging
import NIOConcurrencyHelpers
package import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// A simulated AI service with seeded latencies, for the `demo` command and for tests.
///
/// It has a language model in four dialects and its embeddings, caches of answers, sessions, conversations, memories, routing
/// and health. `PUT /demo/behaviour` makes it slow, stalling, failing, wrong or silent, and `GET /demo/counts` says how many
/// requests it has received, and how much it keeps.
package struct DemoService: Service {
    /// `http://`, the address and the port that was bound, without a slash at the end.
    package let baseURL: String
    private let channel: any Channel
    private let connections: OpenConnections
    private let logger: Logger

    /// Binds the address and begins to serve; port 0 takes a free one.
    ///
    /// The same seed gives the same latencies, kind by kind. Throws a `DemoError` where the address is not available.
    package static func bind(
        host: String = "127.0.0.1",
        port: Int = 0,
        seed: UInt64,
        group: any EventLoopGroup,
        logger: Logger
    ) async throws -> DemoService {
        let orchestrator = NIOLockedValueBox(Orchestrator(seed: seed, start: Int(Date().timeIntervalSince1970)))
        let start = ContinuousClock.now
        let connections = OpenConnections()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    let connection = DemoConnection(orchestrator: orchestrator, start: start)
                    try channel.pipeline.syncOperations.addHandler(connection)
                    connections.add(channel)
                }
            }
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            let name = host.contains(":") ? "[\(host)]" : host
            let baseURL = "http://\(name):\(channel.localAddress?.port ?? port)"
            return DemoService(baseURL: baseURL, channel: channel, connections: connections, logger: logger)
        } catch {
            throw DemoError(code: .bind, subject: "\(host):\(port)", underlyingError: error)
        }
    }

    /// Serves until graceful shutdown or cancellation, then stops to accept and closes every connection.
    package func run() async throws {
        logger.info("demo service listens", metadata: ["url": "\(baseURL)"])
        await withTaskCancellationOrGracefulShutdownHandler {
            try? await channel.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            channel.close(promise: nil)
        }
        await connections.closeAll()
    }
}

/// The connections of a listener, so that they can be closed with it.
private struct OpenConnections: Sendable {
    /// `nil` once they were closed: one that comes later is closed at once.
    private let channels = NIOLockedValueBox<[ObjectIdentifier: any Channel]?>([:])

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isOpen = channels.withLockedValue { channels in
            channels?[id] = channel
            return channels != nil
        }
        guard isOpen else { return channel.close(promise: nil) }
        channel.closeFuture.whenComplete { [channels] _ in
            channels.withLockedValue { $0?[id] = nil }
        }
    }

    func closeAll() async {
        let open = channels.withLockedValue { channels in
            defer { channels = nil }
            return channels ?? [:]
        }
        for channel in open.values { channel.close(promise: nil) }
        for channel in open.values { try? await channel.closeFuture.get() }
    }
}
