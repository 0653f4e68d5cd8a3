import ExporterConfiguration
import Foundation
import NIOHTTP1

/// What an answer that points elsewhere asks for (RFC 9110, section 15.4).
///
/// Requests carry the credentials of their target, so only a redirect within its origin (scheme, host and port) is
/// followed.
enum HTTPRedirect {
    case follow(HTTPRequest)
    /// Why not, as a clause.
    case refuse(String)

    /// The most redirects of one iteration.
    static let limit = 5

    /// `nil` where the answer is no redirect.
    init?(_ answer: HTTPAnswer, to request: HTTPRequest, at base: HTTPBaseURL) {
        guard [301, 302, 303, 307, 308].contains(answer.status) else { return nil }
        guard let location = answer.headers.first(name: "location") else {
            self = .refuse("status \(answer.status) without a location")
            return
        }
        let path = (request.isWholePath ? "" : base.pathPrefix) + request.target
        guard let here = URL(string: base.origin + path),
            let there = URL(string: location, relativeTo: here)?.absoluteURL,
            let parts = URLComponents(url: there, resolvingAgainstBaseURL: true),
            let origin = parts.origin
        else {
            self = .refuse("the location \(Excerpt(location)) is not an HTTP URL")
            return
        }
        guard origin == base.origin.lowercased() else {
            self = .refuse("the location is in another origin, \(Excerpt(origin))")
            return
        }
        let query = parts.percentEncodedQuery.map { "?" + $0 } ?? ""
        var next = request
        next.target = (parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath) + query
        next.isWholePath = true
        let becomesGet =
            answer.status == 303 ? request.method != "HEAD" : answer.status < 303 && request.method == "POST"
        if becomesGet {
            next.method = "GET"
            next.body = nil
            for name in ["Content-Type", "Content-Encoding", "Content-Language"] { next.headers.remove(name: name) }
        }
        self = .follow(next)
    }
}

extension URLComponents {
    /// Scheme and authority in their normal form; `nil` where HTTP could not go there.
    fileprivate var origin: String? {
        guard let scheme = scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = host?.lowercased(), !host.isEmpty
        else { return nil }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        guard let port, port != (scheme == "https" ? 443 : 80) else { return "\(scheme)://\(name)" }
        return "\(scheme)://\(name):\(port)"
    }
}
