/// A Redis server and how to log in, from a `redis://`, `rediss://` or `unix://` URL.
package struct RedisEndpoint: Hashable, Sendable {
    /// A name or an address, without the brackets of IPv6.
    package var host: String
    /// 1...65535.
    package var port: Int
    package var username: String?
    package var password: Secret?
    /// The absolute path of the Unix-domain socket to connect to in the place of host and port; `nil` for TCP.
    package var socketPath: String?
    /// Not negative.
    package var database: Int
    /// `nil` for a connection without TLS.
    package var tls: TLSDefinition?

    package init(
        host: String,
        port: Int,
        username: String? = nil,
        password: Secret? = nil,
        socketPath: String? = nil,
        database: Int,
        tls: TLSDefinition? = nil
    ) {
        self.host = host
        self.port = port
        self.username = username
        self.password = password
        self.socketPath = socketPath
        self.database = database
        self.tls = tls
    }
}
