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
    /// The path of the Unix-domain socket to connect to in the place of host and port; `nil` for TCP.
    package var socketPath: String?
    /// Selected once after connecting; not negative.
    package var database: Int
    /// `nil` for a connection without TLS.
    package var tls: RedisTLS?

    package init(
        host: String,
        port: Int,
        username: String? = nil,
        password: String? = nil,
        socketPath: String? = nil,
        database: Int = 0,
        tls: RedisTLS? = nil
    ) {
        self.host = host
        self.port = port
        self.username = username
        self.password = password
        self.socketPath = socketPath
        self.database = database
        self.tls = tls
    }

    /// Where the server is, as people write it, such as `10.0.0.5:6379`, `[::1]:6379` or `/run/redis.sock`.
    package var endpoint: String {
        if let socketPath { return socketPath }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

extension RedisAddress {
    /// Whether there is no name that a lookup could find.
    var needsNoLookup: Bool { socketPath != nil || host.isSocketAddress }
}

extension String {
    /// Whether the host is an address: there is nothing to look up, and no name for a certificate.
    var isSocketAddress: Bool { (try? SocketAddress(ipAddress: self, port: 0)) != nil }
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        if let socketPath { return "unix://\(socketPath)?db=\(database)" }
        return "\(tls == nil ? "redis" : "rediss")://\(endpoint)/\(database)"
    }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// How the certificate of a server is verified; verification cannot be turned off.
package struct RedisTLS: Sendable, Hashable {
    /// A PEM file with the authorities to trust; `nil` for those of the system.
    package var certificateAuthorityFile: String?
    /// The name that the certificate must have; `nil` for the host of the address.
    package var serverName: String?
    /// What is shown to a server that asks for a certificate; `nil` to show nothing.
    package var clientCertificate: RedisClientCertificate?

    package init(
        certificateAuthorityFile: String? = nil,
        serverName: String? = nil,
        clientCertificate: RedisClientCertificate? = nil
    ) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.serverName = serverName
        self.clientCertificate = clientCertificate
    }
}

/// A certificate and the key that belongs to it.
package struct RedisClientCertificate: Sendable, Hashable {
    /// A PEM file: the certificate, then those that lead to an authority.
    package var certificateFile: String
    /// A PEM file with the key, not encrypted.
    package var keyFile: String

    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// Finds the addresses of a host, in the order in which to try them, no later than the deadline.
package typealias RedisNameLookup =
    @Sendable (_ host: String, _ port: Int, _ deadline: NIODeadline) async throws -> [SocketAddress]
