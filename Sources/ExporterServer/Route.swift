/// Who answers on a path.
package struct Route: Sendable {
    /// Matched exactly, without decoding: `/metrics` is not `/metrics/` and not `/%6Detrics`.
    package var path: String
    /// The value of the label `handler` in metrics about answers.
    package var handler: String
    /// In upper case; GET brings HEAD with it.
    package var methods: [String]
    /// What a token must allow; `nil` for everybody.
    package var role: Role?
    /// Which requests need no token all the same.
    package var isExempt: @Sendable (ServerRequest) -> Bool
    /// Makes the answer; the server drops its body where the method is HEAD.
    ///
    /// It runs beside all others and is cancelled when the time to drain is over.
    package var respond: @Sendable (ServerRequest) async -> ServerResponse

    package init(
        path: String,
        handler: String,
        methods: [String] = ["GET"],
        role: Role? = nil,
        isExempt: @escaping @Sendable (ServerRequest) -> Bool = { _ in false },
        respond: @escaping @Sendable (ServerRequest) async -> ServerResponse
    ) {
        self.path = path
        self.handler = handler
        self.methods = methods
        self.role = role
        self.isExempt = isExempt
        self.respond = respond
    }

    /// The label `handler` of requests that reach no route.
    package static let noHandler = "none"
}

/// Finds the route of a request; several routes may share a path if their methods differ.
struct Router: Sendable {
    enum Match: Sendable {
        case route(Route)
        /// There is none, and this is the answer; `handler` is the value of the label.
        case refusal(ServerResponse, handler: String)

        /// The value of the label `handler`.
        var handler: String {
            switch self {
            case .route(let route): route.handler
            case .refusal(_, let handler): handler
            }
        }
    }

    private let routes: [String: [Route]]

    init(_ routes: [Route]) {
        self.routes = Dictionary(grouping: routes, by: \.path)
    }

    func match(method: String, path: String) -> Match {
        guard let candidates = routes[path], let first = candidates.first else {
            return .refusal(.text(404, "there is nothing at this path"), handler: Route.noHandler)
        }
        if let route = candidates.first(where: { Self.allowed($0).contains(method) }) { return .route(route) }
        let allow = candidates.flatMap(Self.allowed).joined(separator: ", ")
        let refusal = ServerResponse.text(405, "the method is not one of \(allow)", headers: [("Allow", allow)])
        return .refusal(refusal, handler: first.handler)
    }

    private static func allowed(_ route: Route) -> [String] {
        route.methods.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
    }
}
