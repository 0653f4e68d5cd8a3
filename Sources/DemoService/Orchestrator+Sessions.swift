import NIOHTTP1

/// The context of a session, as it is read.
struct SessionContext: Encodable {
    var id: String
    var count: Int
    var messages: [StoredMessage]

    init(id: String, messages: [StoredMessage]) {
        self.id = id
        count = messages.count
        self.messages = messages
    }
}

extension Orchestrator {
    private static let sessionLength = 20

    /// What was stored for the session, or what the seed makes up for it.
    func messages(ofSession id: String) -> [StoredMessage] {
        sessions[id]
            ?? (0..<Self.sessionLength).map { index in
                StoredMessage(
                    role: index.isMultiple(of: 2) ? "user" : "assistant",
                    content: Phrases.pick(by: seed ^ id.stableHash &+ UInt64(index))
                )
            }
    }

    mutating func useContext(_ request: DemoRequest, of id: String) throws -> DemoAnswer {
        struct Body: Decodable {
            var messages: [StoredMessage]
        }
        switch request.method {
        case .PUT:
            let messages = try request.decode(Body.self).messages
            sessions.put(messages, under: id, weight: id.utf8.count + messages.weight)
            return .empty(.noContent, after: latencies.draw(.storage))
        case .DELETE:
            sessions.remove(id)
            return .empty(.noContent, after: latencies.draw(.storage))
        case _:
            let context = SessionContext(id: id, messages: messages(ofSession: id))
            return try .json(context, after: latencies.draw(.context))
        }
    }
}
