package import NIOCore

/// What a peer may take of the server; each limit holds before anybody looks at the path.
package struct ServerLimits: Sendable {
    /// Request line and header fields as they are sent, in bytes; beyond is 431.
    package var maximumHeadBytes = 32 * 1024
    /// Of the target in the request line, in bytes; beyond is 414.
    package var maximumURIBytes = 8 * 1024
    /// Of a body, declared or received, in bytes; beyond is 413.
    package var maximumBodyBytes = 1024 * 1024
    /// For a head from its first byte, and for the first one of a connection from its acceptance; beyond is 408.
    package var headerTimeout = TimeAmount.seconds(5)
    /// For a body from the end of the head; beyond is 408.
    package var bodyTimeout = TimeAmount.seconds(10)
    /// For which a request that is being answered keeps the place of its connection; beyond it a new connection may take it.
    package var answerTimeout = TimeAmount.seconds(5)
    /// Between an answer and the first byte of the next request; then the connection is closed.
    package var idleTimeout = TimeAmount.seconds(60)
    /// For each piece of an answer of at most 64 KiB to leave; then the connection is closed.
    package var writeTimeout = TimeAmount.seconds(10)
    /// How long the server still reads after refusing a request, so that the peer gets to see the answer.
    package var lingerTimeout = TimeAmount.seconds(1)
    /// Open at once, over all addresses.
    package var maximumConnections = 512
    /// Bodies of requests and of answers in memory at once, in bytes, over all connections.
    package var maximumHeldBytes = 16 * 1024 * 1024
    /// For answers in progress at a shutdown; then their handlers are cancelled and their connections are closed.
    package var drainTimeout = TimeAmount.seconds(5)

    package init() {}

    /// The limits as above.
    package static let standard = Self()
}
