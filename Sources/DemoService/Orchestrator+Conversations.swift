import NIOHTTP1

extension Orchestrator {
    mutating func beginConversation() throws -> DemoAnswer {
        let id = nextIdentifier()
        conversations.put(Conversation(), under: id, weight: id.utf8.count)
        return try created(id)
    }

    mutating func endConversation(_ id: String) throws -> DemoAnswer {
        guard conversations.remove(id) else { return unknown("conversation") }
        return .empty(.noContent, after: latencies.draw(.storage))
    }

    mutating func useMessages(_ request: DemoRequest, of id: String) throws -> DemoAnswer {
        guard var conversation = conversations[id] else { return unknown("conversation") }
        guard request.method == .POST else {
            let view = ConversationView(conversation.visible(at: request.arrival))
            return try .json(view, after: latencies.draw(.storage))
        }
        let message = try request.decode(StoredMessage.self)
        let messageID = nextIdentifier()
        let delay = latencies.draw(.storage)
        // The lag begins when the writer has been answered: it is what a writer sees who reads at once.
        let visibleFrom = request.arrival + delay + latencies.draw(.visibility)
        conversation.append(.init(id: messageID, message: message, visibleFrom: visibleFrom))
        conversations.put(conversation, under: id, weight: id.utf8.count + conversation.weight)
        return try .json(["id": messageID], status: .created, after: delay)
    }
}
