/// Who an intent is routed to.
enum Agent: String, CaseIterable, Sendable {
    case billing, orders, support, general

    private var keywords: [String] {
        switch self {
        case .billing: ["bill", "invoice", "pay", "refund", "charge"]
        case .orders: ["order", "deliver", "ship", "track", "return"]
        case .support: ["error", "broken", "crash", "password", "login", "help"]
        case .general: []
        }
    }

    /// The first agent with a keyword in the intent, in the order of the cases.
    static func choose(for intent: String) -> Agent {
        let intent = intent.lowercased()
        return allCases.first { $0.keywords.contains { intent.contains($0) } } ?? .general
    }
}

struct Intent: Decodable {
    var intent: String
}

extension Orchestrator {
    mutating func chooseAgent(_ request: DemoRequest) throws -> DemoAnswer {
        let agent = Agent.choose(for: try request.decode(Intent.self).intent)
        return try .json(["agent": agent.rawValue], after: latencies.draw(.routing))
    }
}
