import NIOHTTP1

/// The paths of the demo service; the raw value is the name under which requests are counted.
enum DemoRoute: String, CaseIterable {
    case health = "/health"
    case ready = "/ready"
    case models = "/v1/models"
    case chatCompletion = "/v1/chat/completions"
    case messages = "/v1/messages"
    case responses = "/v1/responses"
    case completions = "/v1/completions"
    case embeddings = "/v1/embeddings"
    case answers = "/v1/answers"
    case context = "/v1/sessions/{id}/context"
    case routing = "/v1/route"
    case conversations = "/v1/conversations"
    case conversation = "/v1/conversations/{id}"
    case conversationMessages = "/v1/conversations/{id}/messages"
    case memories = "/v1/memories"
    case memory = "/v1/memories/{id}"
    case behaviour = "/demo/behaviour"
    case counts = "/demo/counts"

    var methods: [HTTPMethod] {
        switch self {
        case .health, .ready, .models, .counts: [.GET, .HEAD]
        case .chatCompletion, .messages, .responses, .completions, .embeddings, .answers, .routing, .conversations:
            [.POST]
        case .conversation: [.DELETE]
        case .conversationMessages, .memories: [.GET, .HEAD, .POST]
        case .context, .memory, .behaviour: [.GET, .HEAD, .PUT, .DELETE]
        }
    }

    /// Whether the path is for whoever runs the demo: it never misbehaves.
    var isControl: Bool {
        switch self {
        case .behaviour, .counts: true
        case .health, .ready, .models, .chatCompletion, .messages, .responses, .completions, .embeddings, .answers,
            .context, .routing, .conversations, .conversation, .conversationMessages, .memories, .memory:
            false
        }
    }
}

/// Where a path leads to.
struct DemoPlace: Equatable {
    private static let patterns = DemoRoute.allCases.map { ($0, segments(of: $0.rawValue)) }

    let route: DemoRoute
    /// The segment that stands where the route has `{id}`, as it was sent; empty where the route has none.
    let id: String

    /// The place of a path without its query; `nil` where there is none.
    init?(path: String) {
        let segments = Self.segments(of: path)
        for (route, pattern) in Self.patterns {
            let matches =
                pattern.count == segments.count
                && zip(pattern, segments).allSatisfy { $0 == "{id}" ? !$1.isEmpty : $0 == $1 }
            guard matches else { continue }
            self.route = route
            id = pattern.firstIndex(of: "{id}").map { String(segments[$0]) } ?? ""
            return
        }
        return nil
    }

    private static func segments(of path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}
