package import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// An HTTP/1.1 server that knows nothing of what it serves: sockets in, answers of routes out.
///
/// Framing, sizes and deadlines are the business of a connection's event loop (`ConnectionHandler`); only complete and
/// sound requests come here, where each passes `ServerSecurity` and is answered by a child task. A connection has one request in progress at most,
/// so their number is bounded by that of the connections, and no peer can hold up or end anything but its own
/// connection.
package struct ExporterServer: Service {
    private let bound: BoundServer
    private let routes: [Route]
    private let limits: ServerLimits
    private let security: ServerSecurity
    private let onResponse: @Sendable (_ handler: String, _ status: Int) -> Void
    private let logger: Logger

    /// A server over sockets that are bound; `onResponse` is told the label `handler` and the status of every answer,
    /// on an event loop, and must not block.
    ///
    /// The label of requests that reach no route is `Route.noHandler`.
    package init(
        bound: BoundServer,
        routes: [Route],
        limits: ServerLimits = .standard,
        security: ServerSecurity = ServerSecurity(),
        onResponse: @escaping @Sendable (_ handler: String, _ status: Int) -> Void = { _, _ in },
        logger: Logger
    ) {
        self.bound = bound
        self.routes = routes
        self.limits = limits
        self.security = security
        self.onResponse = onResponse
        self.logger = logger
    }

    /// Serves until a graceful shutdown or cancellation.
    ///
    /// At a graceful shutdown it stops accepting, closes idle connections at once and gives answers in progress the time
    /// of the limits; a cancellation ends them. Throws a `ServerError` only when a socket stops listening by itself.
    package func run() async throws {
        let (exchanges, source) = AsyncStream<Exchange>.makeStream()
        let registry = ConnectionRegistry(limits: limits) { source.finish() }
        let failure = Mutex<ServerError?>(nil)
        let environment = ConnectionEnvironment(
            router: Router(routes),
            limits: limits,
            registry: registry,
            security: security,
            dispatch: { source.yield($0) },
            onResponse: onResponse
        )
        for listener in bound.listeners {
            listener.channel.closeFuture.whenComplete { _ in
                guard !registry.isDraining else { return }
                failure.withLock { $0 = ServerError(.listenerClosed, address: listener.address.description) }
                source.finish()
            }
        }
        do {
            try await accept(for: environment)
        } catch {
            failure.withLock { $0 = error }
            source.finish()
        }
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await exchange in exchanges {
                    group.addTask { await exchange.answer(await security.answer(exchange.request, exchange.match)) }
                }
                // Whoever is still at work has nobody left to answer.
                group.cancelAll()
            }
        } onGracefulShutdown: {
            registry.drain()
            for listener in bound.listeners { listener.channel.close(promise: nil) }
            bound.listeners.first?.channel.eventLoop.scheduleTask(in: limits.drainTimeout) { source.finish() }
        }
        registry.closeAll()
        await bound.close()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func accept(for environment: ConnectionEnvironment) async throws(ServerError) {
        let logger = logger
        // Some more than there may be, as a new one is accepted before another one loses its place.
        let maximumOpen = limits.maximumConnections + min(64, limits.maximumConnections)
        try await bound.accept(maximumOpen: maximumOpen) { channel in
            channel.eventLoop.makeCompletedFuture { try ConnectionHandler.configure(channel, for: environment) }
        } onAcceptError: { error in
            logger.warning("cannot accept connections, trying again in a second", metadata: ["error": "\(error)"])
        }
        for address in bound.addressTexts { logger.info("listening", metadata: ["address": "\(address)"]) }
    }
}
