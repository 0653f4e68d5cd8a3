import NIOCore
import NIOHTTP1

/// The head of a request that passed every check that comes before routing.
///
/// The checks leave one reading of where the request ends and whom it is for, so that no proxy in front can have read
/// it otherwise (RFC 9112, sections 3.2, 6.3 and 11.2).
struct RequestHead: Sendable {
    enum Framing: Equatable {
        case length(Int)
        case chunked
    }

    let method: String
    let path: String
    let query: String?
    let headers: RequestHeaders
    let framing: Framing
    /// Whether the connection may be used again after the answer.
    let keepsAlive: Bool
    /// Whether the peer waits for word before it sends the body.
    let expectsContinue: Bool

    /// `keepsAlive` means for HTTP/1.0 that the answer must say so.
    let isHTTP10: Bool

    init(_ head: HTTPRequestHead, limits: ServerLimits) throws(Rejection) {
        isHTTP10 = head.version == .http1_0
        guard head.uri.utf8.count <= limits.maximumURIBytes else { throw .targetTooLong }
        for (_, value) in head.headers where value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            throw Rejection(400, "a header field has a control character")
        }
        let host = try Self.host(of: head)
        (path, query) = try Self.target(of: head.uri, host: host)
        framing = try Self.framing(of: head)
        if case .length(let length) = framing, length > limits.maximumBodyBytes { throw .bodyTooLarge }
        let expectations = isHTTP10 ? [] : Self.values(of: "expect", in: head)
        guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            throw Rejection(417, "the only expectation that is met here is 100-continue")
        }
        expectsContinue = !expectations.isEmpty && framing != .length(0)
        // After a chunked body nothing is read as a request any more: its end is found by the decoder only, which may
        // have been given bytes beyond it. The decoder also stops where another protocol might take over.
        let isLast = framing == .chunked || head.headers.contains(name: "upgrade") || head.method == .CONNECT
        keepsAlive = head.isKeepAlive && !isLast
        method = head.method.rawValue
        headers = RequestHeaders(head.headers.map { ($0.name, Self.trimmed($0.value)) })
    }

    private static func values(of name: String, in head: HTTPRequestHead) -> [String] {
        head.headers[name].map(trimmed)
    }

    /// Without blanks at the ends, of which the decoder leaves those behind the value.
    private static func trimmed(_ value: String) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let bytes = value.utf8
        guard let first = bytes.first, let last = bytes.last, isBlank(first) || isBlank(last) else { return value }
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { bytes.index(after: $0) } ?? start
        return String(value[start..<end])
    }

    /// The only `Host`, in lower case; `nil` where HTTP/1.0 has none.
    private static func host(of head: HTTPRequestHead) throws(Rejection) -> String? {
        let hosts = values(of: "host", in: head)
        guard let host = hosts.first, hosts.count == 1 else {
            if hosts.isEmpty, head.version == .http1_0 { return nil }
            throw Rejection(400, "the request has \(hosts.isEmpty ? "no" : "more than one") Host")
        }
        guard isHost(host) else { throw Rejection(400, "the Host is not a host") }
        return host.lowercased()
    }

    /// A name or an address and perhaps a port (RFC 3986, section 3.2.2).
    private static func isHost(_ text: String) -> Bool {
        let port: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            let address = text[..<end].dropFirst()
            guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                return false
            }
            port = text[end...].dropFirst()
        } else {
            let name = text.prefix { $0 != ":" }
            guard !name.isEmpty, name.utf8.allSatisfy(isInName) else { return false }
            port = text[name.endIndex...]
        }
        return port.isEmpty || port.first == ":" && port.dropFirst().utf8.allSatisfy(isDigit)
    }

    private static func isInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: isDigit(byte) || "-._~!$&'()*+,;=%".utf8.contains(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Path and query of a target, which is a path or a URL whose host is that of the request.
    private static func target(
        of target: String,
        host: String?
    ) throws(Rejection) -> (path: String, query: String?) {
        guard target.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw Rejection(400, "the target has a character that it may not have")
        }
        var rest = target[...]
        if !rest.hasPrefix("/") {
            let scheme = rest.prefix { $0 != ":" }
            guard ["http", "https"].contains(scheme.lowercased()), rest[scheme.endIndex...].hasPrefix("://") else {
                throw Rejection(400, "the target is neither a path nor a URL")
            }
            rest = rest[scheme.endIndex...].dropFirst(3)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard isHost(String(authority)), authority.lowercased() == host ?? authority.lowercased() else {
                throw Rejection(400, "the host of the target is not the Host")
            }
            rest = rest[authority.endIndex...]
        }
        let path = rest.prefix { $0 != "?" }
        let query = path.endIndex == rest.endIndex ? nil : String(rest[path.endIndex...].dropFirst())
        return (path.isEmpty ? "/" : String(path), query)
    }

    private static func framing(of head: HTTPRequestHead) throws(Rejection) -> Framing {
        let lengths = head.headers["content-length"]
        // As they were sent: a blank behind `chunked` has been read in more than one way.
        let codings = head.headers["transfer-encoding"]
        guard codings.isEmpty else {
            let isChunked = codings.count == 1 && codings[0].lowercased() == "chunked"
            guard isChunked, lengths.isEmpty, head.version != .http1_0 else {
                throw Rejection(400, "the length of the body is ambiguous")
            }
            return .chunked
        }
        guard let length = lengths.first else { return .length(0) }
        guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy(isDigit) else {
            throw Rejection(400, "the length of the body is ambiguous")
        }
        guard let length = Int(length) else { throw .bodyTooLarge }
        return .length(length)
    }
}

extension Rejection {
    static var targetTooLong: Self { Self(414, "the target of the request is too long") }
    static var headTooLarge: Self { Self(431, "the head of the request is too large") }
    static var bodyTooLarge: Self { Self(413, "the body of the request is too large") }
}
