import BenchmarkModel
package import ExporterConfiguration
import NIOHTTP1

extension HTTPRequestHead {
    /// The head of `request` as it goes to `target`; `nil` where a byte of it could not be sent as it is.
    ///
    /// Of headers of the same name those of the request win over those of the target, and these over the transport's
    /// own, the trace context of the iteration among them. Framing and, on a cold connection, `Connection` are always the
    /// transport's.
    init?(_ request: HTTPRequest, to target: HTTPTarget, connection: ConnectionPolicy) {
        var headers: HTTPHeaders = [
            "Host": target.baseURL.authority,
            "User-Agent": "ai-benchmark-exporter/\(ExporterVersion.current)",
        ]
        if let trace = TraceContext.current { headers.add(name: TraceContext.header, value: trace.traceparent) }
        headers.replace(with: target.headers.map { ($0.name, $0.value.reveal) })
        headers.replace(with: request.headers.map { ($0.name, $0.value) })
        headers.remove(name: "Transfer-Encoding")
        headers.remove(name: "Content-Length")
        if let body = request.body {
            headers.add(name: "Content-Length", value: String(body.count))
        } else if ["POST", "PUT", "PATCH"].contains(request.method) {
            headers.add(name: "Content-Length", value: "0")
        }
        if connection == .cold { headers.replaceOrAdd(name: "Connection", value: "close") }
        let uri = request.isWholePath ? request.target : target.baseURL.pathPrefix + request.target
        guard request.method.isHTTPToken, uri.utf8.first == UInt8(ascii: "/"),
            uri.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            headers.allSatisfy({ $0.name.isHTTPToken }),
            headers.allSatisfy({ $0.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } })
        else { return nil }
        self.init(version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: uri, headers: headers)
    }
}

extension HTTPHeaders {
    /// Adds `fields`, after removing all others of their names.
    fileprivate mutating func replace(with fields: [(name: String, value: String)]) {
        for field in fields { remove(name: field.name) }
        for field in fields { add(name: field.name, value: field.value) }
    }
}

extension HTTPBaseURL {
    /// The host, in brackets where it is an IPv6 address, and the port unless it is the scheme's own.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Scheme and authority: what a redirect may not leave.
    package var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }
}
