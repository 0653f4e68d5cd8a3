import NIOHTTP1

/// The paths of the demo service; the raw value is the name under which requests are counted.
enum DemoRoute: String, CaseIterable {
    case health = "/health"
    case ready = "/ready"
    case chatCompletion = "/v1/chat/completions"
    case answers = "/v1/answers"
    case context = "/v1/sessions/{id}/context"
    case routing = "/v1/route"
    case behaviour = "/demo/behaviour"
    case counts = "/demo/counts"

    private static let contextPrefix = "/v1/sessions/"
    private static let contextSuffix = "/context"

    /// The route of a path without its query; `nil` where there is none.
    init?(path: String) {
        if let route = DemoRoute(rawValue: path), route != .context {
            self = route
        } else if Self.sessionID(in: path) != nil {
            self = .context
        } else {
            return nil
        }
    }

    /// The session of a path of `context`: one segment, not empty.
    static func sessionID(in path: String) -> String? {
        guard path.hasPrefix(contextPrefix), path.hasSuffix(contextSuffix) else { return nil }
        let id = path.dropFirst(contextPrefix.count).dropLast(contextSuffix.count)
        return id.isEmpty || id.contains("/") ? nil : String(id)
    }

    var methods: [HTTPMethod] {
        switch self {
        case .health, .ready, .context, .counts: [.GET, .HEAD]
        case .chatCompletion, .answers, .routing: [.POST]
        case .behaviour: [.GET, .HEAD, .PUT, .DELETE]
        }
    }

    /// Whether the path is for whoever runs the demo: it never misbehaves.
    var isControl: Bool {
        switch self {
        case .behaviour, .counts: true
        case .health, .ready, .chatCompletion, .answers, .context, .routing: false
        }
    }
}
