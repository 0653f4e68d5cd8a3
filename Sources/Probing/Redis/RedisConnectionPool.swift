import NIOCore
import RedisClient
import Synchronization

/// Connections to one server that wait for the next command, so that connecting is no part of what is measured.
///
/// It never holds more than were in use at one time, which is one for each worker. One that has been idle for too long is
/// closed when the next command finds it; until then it waits in vain, or is closed by the server, which is noticed.
final class RedisConnectionPool: Sendable {
    /// A reply, and how long it took to connect for it; `nil` on a connection that was ready.
    struct Answer: Sendable {
        var exchange: RedisExchange
        var connectTimes: RedisConnectTimes?
    }

    private struct IdleConnection {
        var connection: RedisConnection
        var since: NIODeadline
    }

    private struct State {
        var idle: [IdleConnection] = []
        /// Those that are in use while the pool is closed do not come back: theirs is an earlier number.
        var generation = 0
        /// Where the host was found the last time.
        var socketAddresses: [SocketAddress]?
    }

    private struct Lease {
        var connection: RedisConnection
        var generation: Int
        var connectTimes: RedisConnectTimes?
    }

    let address: RedisAddress
    private let eventLoopGroup: any EventLoopGroup
    private let lookup: RedisNameLookup
    private let idleLimit: TimeAmount
    private let state = Mutex(State())

    /// Connections to `address`, of which one that has been idle for `idleLimit` is not used again.
    init(
        address: RedisAddress,
        eventLoopGroup: any EventLoopGroup,
        idleLimit: TimeAmount = ConnectionReuse.idleLimit,
        lookup: @escaping RedisNameLookup
    ) {
        self.address = address
        self.eventLoopGroup = eventLoopGroup
        self.idleLimit = idleLimit
        self.lookup = lookup
    }

    /// Sends a command over a connection that is ready, and waits for its reply.
    ///
    /// The command goes out once, whatever becomes of it: see ``ConnectionReuse``.
    func send(
        _ command: [String],
        deadline: NIODeadline,
        ignoringCancellation: Bool = false
    ) async throws(RedisError) -> Answer {
        while let lease = takeIdle() {
            do throws(RedisError) {
                return try await send(command, over: lease, deadline, ignoringCancellation)
            } catch {
                guard error.code == .closed, error.writtenAt == nil else { throw error }
            }
        }
        let lease = try await connect(deadline, ignoringCancellation)
        return try await send(command, over: lease, deadline, ignoringCancellation)
    }

    /// Closes the connections that wait, and has those in use closed after use; the pool stays usable.
    func close() async {
        let idle = state.withLock { state in
            state.generation += 1
            defer { state.idle = [] }
            return state.idle
        }
        for idle in idle { await idle.connection.close() }
    }

    private func send(
        _ command: [String],
        over lease: Lease,
        _ deadline: NIODeadline,
        _ ignoringCancellation: Bool
    ) async throws(RedisError) -> Answer {
        let exchange = try await lease.connection.send(
            command,
            deadline: deadline,
            ignoringCancellation: ignoringCancellation
        )
        if !putBack(lease) { await lease.connection.close() }
        return Answer(exchange: exchange, connectTimes: lease.connectTimes)
    }

    /// The connection that was used last, if it is still good.
    private func takeIdle() -> Lease? {
        let earliest = NIODeadline.now() - idleLimit
        return state.withLock { state in
            // One that nobody holds any more closes itself.
            state.idle.removeAll { $0.since <= earliest || !$0.connection.isOpen }
            return state.idle.popLast().map { Lease(connection: $0.connection, generation: state.generation) }
        }
    }

    private func putBack(_ lease: Lease) -> Bool {
        state.withLock { state in
            guard lease.generation == state.generation else { return false }
            state.idle.append(IdleConnection(connection: lease.connection, since: .now()))
            return true
        }
    }

    private func connect(_ deadline: NIODeadline, _ ignoringCancellation: Bool) async throws(RedisError) -> Lease {
        do throws(DescriptorReserve.Shortage) {
            try DescriptorReserve.claim(1)
        } catch {
            throw RedisError(.connect, address: address.endpoint, detail: "\(error)")
        }
        let (generation, known) = state.withLock { ($0.generation, $0.socketAddresses) }
        let connection = try await RedisConnection.connect(
            to: address,
            on: eventLoopGroup.next(),
            lookup: { host, port, deadline in
                // A lookup in a task that is cancelled may find nothing any more.
                if ignoringCancellation, let known { return known }
                let found = try await self.lookup(host, port, deadline)
                self.state.withLock { $0.socketAddresses = found }
                return found
            },
            deadline: deadline,
            ignoringCancellation: ignoringCancellation
        )
        return Lease(connection: connection, generation: generation, connectTimes: connection.connectTimes)
    }
}
