/// Finds the route of a request; several routes may share a path if their methods differ.
struct Router: Sendable {
    enum Match: Sendable {
        /// The parameters are the segments that stood for those in braces.
        case route(Route, parameters: [String: String])
        /// There is none for the method, and this is the answer to who may know; without a route the path is not known
        /// either.
        case refusal(ServerResponse, route: Route?, parameters: [String: String] = [:])

        /// `nil` where nothing is at the path.
        var route: Route? {
            switch self {
            case .route(let route, _): route
            case .refusal(_, let route, _): route
            }
        }

        var parameters: [String: String] {
            switch self {
            case .route(_, let parameters), .refusal(_, _, let parameters): parameters
            }
        }

        /// The value of the label `handler`.
        var handler: String { route?.handler ?? Route.noHandler }
    }

    private struct Template: Sendable {
        var segments: [Substring]
        var routes: [Route]
    }

    private let exact: [String: [Route]]
    private let templates: [Template]
    private let folders: [Route]

    init(_ routes: [Route]) {
        folders = routes.filter(\.methods.isEmpty)
        let paths = Dictionary(grouping: routes.filter { !$0.methods.isEmpty }, by: \.path)
        exact = paths.filter { !$0.key.contains("{") }
        templates = paths.filter { $0.key.contains("{") }.sorted { $0.key < $1.key }
            .map { Template(segments: Self.segments($0.key), routes: $0.value) }
    }

    func match(method: String, path: String) -> Match {
        if let routes = exact[path] { return choose(among: routes, method, [:]) }
        let segments = Self.segments(path)
        for template in templates {
            switch Self.parameters(of: segments, in: template.segments) {
            case .some(let parameters?): return choose(among: template.routes, method, parameters)
            case .some(nil):
                return .refusal(.problem(404, "the path names nothing"), route: Self.least(template.routes))
            case nil: break
            }
        }
        let detail = "there is nothing at this path"
        if let folder = folders.first(where: { path == $0.path || path.hasPrefix("\($0.path)/") }) {
            return .refusal(.problem(404, detail), route: folder)
        }
        return .refusal(.text(404, detail), route: nil)
    }

    private func choose(among routes: [Route], _ method: String, _ parameters: [String: String]) -> Match {
        if let route = routes.first(where: { Self.allowed($0).contains(method) }) {
            return .route(route, parameters: parameters)
        }
        let allow = routes.flatMap(Self.allowed).joined(separator: ", ")
        let detail = "the method is not one of \(allow)"
        let route = Self.least(routes)
        let refusal: ServerResponse =
            route?.role == nil
            ? .text(405, detail, headers: [("Allow", allow)]) : .problem(405, detail, headers: [("Allow", allow)])
        return .refusal(refusal, route: route, parameters: parameters)
    }

    /// The route for which a token must allow least: who may take it may know what else there is.
    private static func least(_ routes: [Route]) -> Route? {
        routes.first { $0.role == nil } ?? routes.first { $0.role == .read } ?? routes.first
    }

    private static func segments(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }

    /// What stands for the segments in braces: `nil` where the path is another one, and `nil` within that where it is
    /// nothing that could be a name.
    private static func parameters(of segments: [Substring], in template: [Substring]) -> [String: String]?? {
        guard segments.count == template.count else { return nil }
        var parameters: [String: String]? = [:]
        for (segment, expected) in zip(segments, template) {
            if !expected.hasPrefix("{") {
                guard segment == expected else { return nil }
            } else if let value = decoded(segment) {
                parameters?[String(expected.dropFirst().dropLast())] = value
            } else {
                parameters = nil
            }
        }
        return .some(parameters)
    }

    /// A segment that is a name once it is decoded: not empty, no way to another folder, nothing that ends a line.
    private static func decoded(_ segment: Substring) -> String? {
        guard let text = PercentDecoding.decode(segment), !text.isEmpty, text != ".", text != "..",
            !text.utf8.contains(where: {
                $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
            })
        else { return nil }
        return text
    }

    private static func allowed(_ route: Route) -> [String] {
        route.methods.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
    }
}
