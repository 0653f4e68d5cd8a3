/// A Redis server and how to log in, from a `redis://` or `rediss://` URL.
package struct RedisEndpoint: Hashable, Sendable {
    /// A name or an address, without the brackets of IPv6.
    package var host: String
    /// 1...65535.
    package var port: Int
    package var username: String?
    package var password: Secret?
    /// Not negative.
    package var database: Int
    /// `nil` for a connection without TLS.
    package var tls: TLSDefinition?

    package init(
        host: String,
        port: Int,
        username: String? = nil,
        password: Secret? = nil,
        database: Int,
        tls: TLSDefinition? = nil
    ) {
        self.host = host
        self.port = port
        self.username = username
        self.password = password
        self.database = database
        self.tls = tls
    }
}
