/// What `GET /demo/counts` says: the requests by path, and beside them under `held` how much the service keeps.
struct Tally: Encodable {
    struct Held: Encodable {
        var conversations: Int
        var memories: Int
        var sessions: Int
    }

    var requests: [String: Int]
    var held: Held

    private enum CodingKeys: CodingKey {
        case held
    }

    func encode(to encoder: any Encoder) throws {
        try requests.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(held, forKey: .held)
    }
}

extension Orchestrator {
    var tally: Tally {
        Tally(
            requests: counts,
            held: .init(conversations: conversations.count, memories: memories.count, sessions: sessions.count)
        )
    }
}
