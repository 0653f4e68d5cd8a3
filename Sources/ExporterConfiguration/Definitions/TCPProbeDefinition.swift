/// A service that accepts TCP connections.
package struct TCPTarget: Hashable, Sendable {
    /// A name or an address, without the brackets of IPv6.
    package var host: String
    /// 1...65535.
    package var port: Int
    /// `nil` for a connection without TLS.
    package var tls: TLSDefinition?

    package init(host: String, port: Int, tls: TLSDefinition? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
    }
}

/// A connection that is made anew each time, and what is said over it.
package struct TCPProbeDefinition: Hashable, Sendable {
    /// Sent as soon as the connection is ready; `nil` to send nothing.
    package var send: String?
    /// What is waited for in the bytes that come; without any, none are.
    package var expect: TextExpectation

    package init(send: String? = nil, expect: TextExpectation = TextExpectation()) {
        self.send = send
        self.expect = expect
    }
}
