import ExporterServer
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A server on a loopback port for as long as a test needs it.
struct RunningServer: Sendable {
    let address: SocketAddress
    let responses: ResponseLog
    private let group: ServiceGroup

    /// Label and status of every answer.
    final class ResponseLog: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// Runs a server while `body` does, and shuts it down gracefully; throws what either throws.
    static func run(
        routes: [Route],
        limits: ServerLimits = .standard,
        security: ServerSecurity = ServerSecurity(),
        listen: String = "127.0.0.1:0",
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        let bound = try await BoundServer.bind(
            [ListenAddress(parsing: listen)],
            group: .singletonMultiThreadedEventLoopGroup
        )
        guard let address = bound.addresses.first else { throw CancellationError() }
        let responses = ResponseLog()
        let logger = Logger(label: "server") { _ in SwiftLogNoOpLogHandler() }
        let server = ExporterServer(
            bound: bound,
            routes: routes,
            limits: limits,
            security: security,
            onResponse: { responses.append("\($0) \($1)") },
            logger: logger
        )
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body(Self(address: address, responses: responses, group: group))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Begins the graceful shutdown.
    func shutDown() async {
        await group.triggerGracefulShutdown()
    }
}

/// Something that happens once, and that one task waits for.
struct Event: Sendable {
    private let stream: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation

    init() {
        (stream, source) = AsyncStream.makeStream()
    }

    func happen() {
        source.finish()
    }

    /// Returns when it has happened, or when the task is cancelled.
    func wait() async {
        for await _ in stream {}
    }
}
