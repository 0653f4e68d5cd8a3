package import NIOCore

/// A Redis server, and how to log in.
///
/// No description or mirror of it shows the password.
package struct RedisAddress: Sendable, Hashable {
    /// A name or an address, without the brackets of IPv6.
    package var host: String
    /// 1...65535.
    package var port: Int
    /// A user of the access control list; `nil` for the user `default`.
    package var username: String?
    package var password: String?
    /// Selected once after connecting; not negative.
    package var database: Int
    /// `nil` for a connection without TLS.
    package var tls: RedisTLS?

    package init(
        host: String,
        port: Int,
        username: String? = nil,
        password: String? = nil,
        database: Int = 0,
        tls: RedisTLS? = nil
    ) {
        self.host = host
        self.port = port
        self.username = username
        self.password = password
        self.database = database
        self.tls = tls
    }

    /// The host and the port as people write them, such as `10.0.0.5:6379` or `[::1]:6379`.
    package var endpoint: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

extension String {
    /// Whether the host is an address: there is nothing to look up, and no name for a certificate.
    var isSocketAddress: Bool { (try? SocketAddress(ipAddress: self, port: 0)) != nil }
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(tls == nil ? "redis" : "rediss")://\(endpoint)/\(database)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// How the certificate of a server is verified; verification cannot be turned off.
package struct RedisTLS: Sendable, Hashable {
    /// A PEM file with the authorities to trust; `nil` for those of the system.
    package var certificateAuthorityFile: String?
    /// The name that the certificate must have; `nil` for the host of the address.
    package var serverName: String?

    package init(certificateAuthorityFile: String? = nil, serverName: String? = nil) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.serverName = serverName
    }
}

/// Finds the addresses of a host, in the order in which to try them, no later than the deadline.
package typealias RedisNameLookup =
    @Sendable (_ host: String, _ port: Int, _ deadline: NIODeadline) async throws -> [SocketAddress]
