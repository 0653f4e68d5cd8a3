import NIOCore
import NIOPosix

@testable import RedisClient

/// A lookup that knows nothing but 127.0.0.1.
let loopback: RedisNameLookup = { _, port, _ in [try SocketAddress(ipAddress: "127.0.0.1", port: port)] }

extension RedisConnection {
    /// Connects to a loopback port, with a deadline that no test is to reach unless it wants to.
    static func connect(
        to address: RedisAddress,
        lookup: RedisNameLookup = loopback,
        limits: RedisReplyLimits = .standard,
        within time: TimeAmount = .seconds(30)
    ) async throws -> RedisConnection {
        try await connect(
            to: address,
            on: MultiThreadedEventLoopGroup.singleton.next(),
            lookup: lookup,
            limits: limits,
            deadline: .now() + time
        )
    }

    static func connect(
        toPort port: Int,
        limits: RedisReplyLimits = .standard
    ) async throws -> RedisConnection {
        try await connect(to: RedisAddress(host: "127.0.0.1", port: port), limits: limits)
    }

    /// The reply to a command, with a deadline that no test is to reach unless it wants to.
    func ask(_ command: String..., within time: TimeAmount = .seconds(30)) async throws -> RedisValue {
        try await send(command, deadline: .now() + time).reply
    }
}

/// The error that `body` throws; `nil` if it throws none, or one that is not ours.
func failure(of body: () async throws -> Void) async -> RedisError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? RedisError
    }
}
