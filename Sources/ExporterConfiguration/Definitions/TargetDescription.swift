/// A target as metrics and people see it.
package struct TargetDescription: Hashable, Sendable {
    /// The kind of target, such as `redis`.
    package var kind: String
    /// Where the target is, without credentials.
    package var endpoint: String

    package init(kind: String, endpoint: String) {
        self.kind = kind
        self.endpoint = endpoint
    }
}

extension TargetDescription {
    package init(_ target: HTTPTarget) {
        let url = target.baseURL
        let base = "\(url.isSecure ? "https" : "http")://\(HostPort.text(url.host, url.port))\(url.pathPrefix)"
        self.init(kind: "http", endpoint: target.socketPath.map { "\(base) at \($0)" } ?? base)
    }

    package init(_ target: RedisEndpoint) {
        let scheme = target.tls == nil ? "redis" : "rediss"
        let server = "\(scheme)://\(HostPort.text(target.host, target.port))/\(target.database)"
        self.init(kind: "redis", endpoint: target.socketPath.map { "unix://\($0)?db=\(target.database)" } ?? server)
    }

    package init(_ target: TCPTarget) {
        let scheme = target.tls == nil ? "tcp" : "tls"
        self.init(kind: "tcp", endpoint: "\(scheme)://\(HostPort.text(target.host, target.port))")
    }

    package init(_ target: CommandTarget) {
        self.init(kind: "command", endpoint: target.directory ?? ".")
    }
}

/// A host and a port as URLs write them.
package enum HostPort {
    /// `HOST:PORT`, an IPv6 address in brackets.
    package static func text(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
