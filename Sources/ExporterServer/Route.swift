/// Who answers on a path.
package struct Route: Sendable {
    /// Matched exactly, without decoding: `/metrics` is not `/metrics/` and not `/%6Detrics`.
    package var path: String
    /// The value of the label `handler` in metrics about answers.
    package var handler: String
    /// In upper case; GET brings HEAD with it.
    package var methods: [String]
    /// Makes the answer; the server drops its body where the method is HEAD.
    ///
    /// It runs beside all others and is cancelled when the time to drain is over.
    package var respond: @Sendable (ServerRequest) async -> ServerResponse

    package init(
        path: String,
        handler: String,
        methods: [String] = ["GET"],
        respond: @escaping @Sendable (ServerRequest) async -> ServerResponse
    ) {
        self.path = path
        self.handler = handler
        self.methods = methods
        self.respond = respond
    }

    /// The label `handler` of requests that reach no route.
    package static let noHandler = "none"
}

/// Finds the route of a request; several routes may share a path if their methods differ.
struct Router: Sendable {
    enum Match {
        case route(Route)
        case notFound
        /// With the value of `Allow`.
        case methodNotAllowed(handler: String, allow: String)
    }

    private let routes: [String: [Route]]

    init(_ routes: [Route]) {
        self.routes = Dictionary(grouping: routes, by: \.path)
    }

    func match(method: String, path: String) -> Match {
        guard let candidates = routes[path], let first = candidates.first else { return .notFound }
        if let route = candidates.first(where: { Self.allowed($0).contains(method) }) { return .route(route) }
        let allow = candidates.flatMap(Self.allowed).joined(separator: ", ")
        return .methodNotAllowed(handler: first.handler, allow: allow)
    }

    private static func allowed(_ route: Route) -> [String] {
        route.methods.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
    }
}
