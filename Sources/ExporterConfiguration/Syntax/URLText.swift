import Foundation

/// A URL taken apart, strictly: nothing is repaired, and nothing in a problem shows more of it than the scheme.
struct URLText {
    /// In lower case.
    let scheme: String
    /// Without the brackets of IPv6.
    let host: String
    let port: Int?
    /// Percent-decoded; `nil` where there is none.
    let user: String?
    let password: String?
    /// As written: empty, or `/` and what follows.
    let path: String
    /// As written, without the question mark.
    let query: String?

    /// Takes a URL apart that has one of `schemes`, a host, and neither query nor fragment.
    ///
    /// With `isLocal` it is one of a file of this machine: it has a path in the place of the host, and may have a query.
    init(parsing text: String, schemes: [String], isLocal: Bool = false, expected: String) throws(ValueProblem) {
        func problem(_ found: String) -> ValueProblem { ValueProblem(found: found, expected: expected) }
        func decoded(_ text: String?) throws(ValueProblem) -> String? {
            guard let text else { return nil }
            guard let decoded = text.removingPercentEncoding else {
                throw problem("a URL with a user or a password that is not percent-encoded UTF-8")
            }
            return decoded
        }

        guard let parts = URLComponents(string: text, encodingInvalidCharacters: false) else {
            throw problem("a text that is not a URL")
        }
        guard let scheme = parts.scheme?.lowercased() else { throw problem("a URL without a scheme") }
        guard schemes.contains(scheme) else { throw problem("the scheme \(scheme.quotedForMessage)") }
        let host = parts.percentEncodedHost.map(Self.withoutBrackets) ?? ""
        guard host.isEmpty == isLocal else {
            throw problem(isLocal ? "a URL with a host" : "a URL without a host")
        }
        guard Self.isPlausible(host: host) else { throw problem("a URL with a host that is neither name nor address") }
        if let range = parts.rangeOfPort, !range.isEmpty {
            guard let port = parts.port, (1...65535).contains(port), !isLocal else {
                throw problem("a URL with a port that is not in 1...65535")
            }
            self.port = port
        } else {
            port = nil
        }
        guard parts.percentEncodedQuery == nil || isLocal, parts.percentEncodedFragment == nil else {
            throw problem(isLocal ? "a URL with a fragment" : "a URL with a query or a fragment")
        }
        self.scheme = scheme
        self.host = host
        user = try decoded(parts.percentEncodedUser)
        password = try decoded(parts.percentEncodedPassword)
        path = parts.percentEncodedPath
        query = parts.percentEncodedQuery
    }

    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    private static func isPlausible(host: String) -> Bool {
        host.utf8.contains(UInt8(ascii: ":"))
            ? host.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
            : host.utf8.allSatisfy { $0.isLetterOrDigit || "._-".utf8.contains($0) }
    }
}

extension HTTPBaseURL {
    static let expected = "http://HOST[:PORT][/PATH] or https://HOST[:PORT][/PATH]"

    init(parsing text: String) throws(ValueProblem) {
        let url = try URLText(parsing: text, schemes: ["http", "https"], expected: Self.expected)
        guard url.user == nil, url.password == nil else {
            throw ValueProblem(
                found: "a URL with a user or a password",
                expected: "\(Self.expected), with the credentials in a header"
            )
        }
        self.init(url)
    }

    /// The part of `url` that is no credential.
    init(_ url: URLText) {
        let isSecure = url.scheme == "https"
        let path = url.path.reversed().drop { $0 == "/" }.reversed()
        self.init(
            isSecure: isSecure,
            host: url.host,
            port: url.port ?? (isSecure ? 443 : 80),
            pathPrefix: String(path)
        )
    }
}

extension RedisEndpoint {
    static let expected =
        "redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], the same with rediss://, or unix://[USER:PASSWORD@]/PATH[?db=N]"

    /// The endpoint of a URL; over TLS, where the scheme is `rediss`, with the system's authorities.
    init(parsing text: String) throws(ValueProblem) {
        if text.lowercased().hasPrefix("unix:") {
            try self.init(parsingSocket: text)
            return
        }
        let url = try URLText(parsing: text, schemes: ["redis", "rediss"], expected: Self.expected)
        let number = url.path.drop { $0 == "/" }
        guard number.isEmpty || url.path.count == number.count + 1,
            let database = Self.database(number.isEmpty ? "0" : number)
        else {
            throw ValueProblem(found: "a URL with a path that is not a database number", expected: Self.expected)
        }
        let (username, password) = try Self.credentials(of: url)
        self.init(
            host: url.host,
            port: url.port ?? 6379,
            username: username,
            password: password,
            database: database,
            tls: url.scheme == "rediss" ? TLSDefinition() : nil
        )
    }

    /// The endpoint of a `unix://` URL, whose database is in the query as other clients of Redis have it.
    private init(parsingSocket text: String) throws(ValueProblem) {
        let url = try URLText(parsing: text, schemes: ["unix"], isLocal: true, expected: Self.expected)
        guard let path = url.path.removingPercentEncoding else {
            throw ValueProblem(found: "a URL with a path that is not percent-encoded UTF-8", expected: Self.expected)
        }
        let socket = try SocketPath(parsing: path)
        let query = url.query ?? "db=0"
        guard query.hasPrefix("db="), let database = Self.database(query.dropFirst("db=".count)) else {
            throw ValueProblem(found: "a URL with a query that is not a database number", expected: Self.expected)
        }
        let (username, password) = try Self.credentials(of: url)
        self.init(
            host: "localhost",
            port: 6379,
            username: username,
            password: password,
            socketPath: socket.text,
            database: database
        )
    }

    private static func database(_ text: some StringProtocol) -> Int? {
        Int32(text).flatMap { $0 >= 0 ? Int($0) : nil }
    }

    private static func credentials(of url: URLText) throws(ValueProblem) -> (String?, Secret?) {
        guard url.user?.isEmpty != false || url.password != nil else {
            throw ValueProblem(found: "a URL with a user and without a password", expected: Self.expected)
        }
        return (
            url.user.flatMap { $0.isEmpty ? nil : $0 }, url.password.flatMap { $0.isEmpty ? nil : Secret($0) }
        )
    }
}

extension StoreLocation {
    static let expected = "sqlite:PATH, redis://…, rediss://…, unix://… or none"

    init(parsing text: String) throws(ValueProblem) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        switch scheme {
        case "none" where text.lowercased() == scheme: self = .none
        case "sqlite":
            let path = text.dropFirst("sqlite:".count)
            guard !path.isEmpty, !path.hasPrefix("//"), !String(path).hasControlCharacter else {
                throw ValueProblem(
                    found: path.isEmpty
                        ? "sqlite without a path" : "a path that begins with // or has control characters",
                    expected: "sqlite:PATH, such as sqlite:history.db or sqlite:/var/lib/history.db"
                )
            }
            self = .sqlite(path: String(path))
        case "redis", "rediss", "unix": self = .redis(try RedisEndpoint(parsing: text))
        case "redis+sentinel", "redis+cluster":
            throw ValueProblem(
                found: "the scheme \(scheme), which this version does not support",
                expected: Self.expected
            )
        default:
            let found = text.contains(":") ? "the scheme \(scheme.quotedForMessage)" : "a text without a scheme"
            throw ValueProblem(found: found, expected: Self.expected)
        }
    }
}
