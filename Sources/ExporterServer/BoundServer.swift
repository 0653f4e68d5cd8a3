import Glibc
package import NIOCore
import NIOPosix
import Synchronization

/// Bound sockets that do not accept yet, so that a taken port is known before anything else starts.
///
/// A peer that connects in the meantime waits in the queue of the system.
package struct BoundServer: Sendable {
    /// One bound socket.
    struct Listener: Sendable {
        var address: ListenAddress
        var channel: any Channel
    }

    typealias Initializer = @Sendable (any Channel) -> EventLoopFuture<Void>

    let listeners: [Listener]
    private let acceptor: Acceptor

    /// Where the sockets really listen, in the order of the configured addresses: with the port that the system chose
    /// where 0 was asked for.
    package var addresses: [SocketAddress] {
        listeners.compactMap(\.channel.localAddress)
    }

    /// The same as HOST:PORT, as a person would type it.
    package var addressTexts: [String] {
        addresses.map { address in
            let host = address.ipAddress ?? ""
            return "\(host.contains(":") ? "[\(host)]" : host):\(address.port ?? 0)"
        }
    }

    /// Binds every address or none; `ServerError` with the first address that failed.
    package static func bind(
        _ addresses: [ListenAddress],
        group: any EventLoopGroup
    ) async throws(ServerError) -> Self {
        let acceptor = Acceptor()
        var listeners: [Listener] = []
        do {
            for address in addresses {
                let channel = try await bind(address, group: group, acceptor: acceptor)
                listeners.append(Listener(address: address, channel: channel))
            }
        } catch {
            await Self(listeners: listeners, acceptor: acceptor).close()
            throw error
        }
        return Self(listeners: listeners, acceptor: acceptor)
    }

    /// Closes the sockets.
    package func close() async {
        for listener in listeners { try? await listener.channel.close() }
    }

    /// Begins to accept, on each socket while fewer than `maximumOpen` of its connections are open; `initializer` prepares
    /// each connection, and `onAcceptError` is told why the system refused one.
    ///
    /// Throws a `ServerError` where a socket is closed already.
    func accept(
        maximumOpen: Int,
        initializer: @escaping Initializer,
        onAcceptError: @escaping @Sendable (IOError) -> Void
    ) async throws(ServerError) {
        acceptor.initializes(with: initializer)
        for listener in listeners {
            let channel = listener.channel
            do {
                try await channel.eventLoop.submit {
                    let pause = AcceptPause(maximumOpen: maximumOpen, onError: onAcceptError)
                    try channel.pipeline.syncOperations.addHandler(pause, position: .first)
                }.get()
                try await channel.setOption(.autoRead, value: true).get()
            } catch {
                let address = listener.address.description
                throw ServerError(.listenerClosed, address: address, underlyingError: error)
            }
        }
    }

    private static func bind(
        _ address: ListenAddress,
        group: any EventLoopGroup,
        acceptor: Acceptor
    ) async throws(ServerError) -> any Channel {
        var candidates = try await address.candidates()[...]
        while let candidate = candidates.popFirst() {
            do {
                return try await bootstrap(for: candidate, address, group, acceptor).bind(to: candidate).get()
            } catch {
                let code = (error as? IOError)?.errnoCode
                let hasNoSuchVersion = code == EAFNOSUPPORT || code == EADDRNOTAVAIL
                if candidates.isEmpty || !hasNoSuchVersion {
                    throw ServerError(.bind, address: address.description, underlyingError: error)
                }
            }
        }
        throw ServerError(.unknownHost, address: address.description)
    }

    private static func bootstrap(
        for candidate: SocketAddress,
        _ address: ListenAddress,
        _ group: any EventLoopGroup,
        _ acceptor: Acceptor
    ) -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: group)
            // As many as the kernel allows (net.core.somaxconn): a peer that finds the queue full tries again only a second
            // later, and so would a scrape (`Scripts/attack`: 1.02 s with 256).
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelInitializer(acceptor.initialize)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A peer that has said all that it will say still reads its answer.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
        guard address.host == nil, candidate.protocol == .inet6 else { return bootstrap }
        return bootstrap.serverChannelOption(
            ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only),
            value: 0
        )
    }

    /// What becomes of accepted connections, which is known only when the server runs.
    final class Acceptor: Sendable {
        /// Not the bare function: that is wrapped anew each time that it goes through the generic lock, in both directions,
        /// so each connection would be dearer than the one before.
        private struct Preparation {
            var initializer: Initializer
        }

        private let preparation = Mutex<Preparation?>(nil)

        func initializes(with initializer: @escaping Initializer) {
            preparation.withLock { $0 = Preparation(initializer: initializer) }
        }

        func initialize(_ channel: any Channel) -> EventLoopFuture<Void> {
            guard let preparation = preparation.withLock({ $0 }) else { return channel.close() }
            return preparation.initializer(channel)
        }
    }
}
