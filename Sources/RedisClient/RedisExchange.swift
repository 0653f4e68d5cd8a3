package import NIOCore

/// A reply, and the instants that tell how long it took; all of them are read on the event loop of the connection.
package struct RedisExchange: Sendable {
    package let reply: RedisValue
    /// Just before the first byte of the command was written.
    package let writtenAt: NIODeadline
    /// When all of the command was with the operating system; never after ``firstByteAt``.
    package let flushedAt: NIODeadline
    /// The arrival of the first byte of the reply.
    package let firstByteAt: NIODeadline
    /// The arrival of the last byte of the reply.
    package let receivedAt: NIODeadline
}

/// How long it took to get a connection ready.
package struct RedisConnectTimes: Sendable, Hashable {
    /// `nil` where the host is an address.
    package var nameResolution: Duration?
    /// From the first packet to an established connection, of the address that answered.
    package var connect: Duration
    /// The handshake; `nil` for a connection without TLS.
    package var tls: Duration?
}
