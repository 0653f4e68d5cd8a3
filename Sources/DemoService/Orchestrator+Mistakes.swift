import NIOHTTP1

/// Answers in the right form that come at once and are wrong: what a benchmark must not take for a success.
///
/// What is to be written is lost, as if it had been; what is to be deleted is deleted, so that nothing is left behind, but
/// said to be unknown.
extension Orchestrator {
    /// Neither a phrase of the service nor what anybody asks for.
    private static let untruth = "Something else."

    mutating func wrongAnswer(to request: DemoRequest, at place: DemoPlace) throws -> DemoAnswer {
        let answer: DemoAnswer =
            switch place.route {
            case .health, .ready: try .json(["status": "down"])
            case .models: try .json(ModelList(names: []))
            case .chatCompletion: try sayNothing(to: ChatCompletionRequest.self, request)
            case .messages: try sayNothing(to: MessagesRequest.self, request)
            case .responses: try sayNothing(to: ResponsesRequest.self, request)
            case .completions: try sayNothing(to: CompletionRequest.self, request)
            case .embeddings:
                try request.decode(EmbeddingsRequest.self).answer(dimensions: EmbeddingsRequest.dimensions / 2)
            case .answers: try misanswer(request)
            case .context: try misuseContext(request, of: place.id)
            case .routing: try misroute(request)
            case .conversations: try created(nextIdentifier())
            case .conversation: try endWrongly(place.id)
            case .conversationMessages: try misuseMessages(request, of: place.id)
            case .memories: try misuseMemories(request)
            case .memory: try misuseMemory(request, place.id)
            case .behaviour, .counts: try rightAnswer(to: request, at: place)
            }
        return answer.delayed(by: latencies.draw(.cacheHit))
    }

    /// Claims to come from the cache, under another name than what is there.
    private mutating func sayNothing<Question: ModelRequest>(
        to _: Question.Type,
        _ request: DemoRequest
    ) throws -> DemoAnswer {
        let question = try request.decode(Question.self)
        var reply = reply(to: question, request, id: nextIdentifier())
        reply.sayNothing()
        guard question.stream != true else { return try question.streamed(reply) }
        var answer = try question.plain(reply)
        answer.headers.add(name: "X-Cache", value: "hit")
        return answer
    }

    private func misanswer(_ request: DemoRequest) throws -> DemoAnswer {
        var body = try request.decode(Question.self)
        body.answer = Self.untruth
        return try .json(body, headers: ["X-Cache": "hit"])
    }

    /// The last message is missing; where there is none, there is one.
    private mutating func misuseContext(_ request: DemoRequest, of id: String) throws -> DemoAnswer {
        switch request.method {
        case .PUT:
            return .empty(.noContent)
        case .DELETE:
            sessions.remove(id)
            return unknown("session")
        case _:
            let messages = messages(ofSession: id)
            let wrong = messages.isEmpty ? [StoredMessage(role: "user", content: Self.untruth)] : messages.dropLast()
            return try .json(SessionContext(id: id, messages: wrong))
        }
    }

    private func misroute(_ request: DemoRequest) throws -> DemoAnswer {
        let right = Agent.choose(for: try request.decode(Intent.self).intent)
        return try .json(["agent": (right == .billing ? Agent.orders : .billing).rawValue])
    }

    private mutating func endWrongly(_ id: String) throws -> DemoAnswer {
        conversations.remove(id)
        return unknown("conversation")
    }

    /// The last message is missing; where there is none, so is the conversation.
    private mutating func misuseMessages(_ request: DemoRequest, of id: String) throws -> DemoAnswer {
        guard request.method != .POST else { return try created(nextIdentifier()) }
        let entries = conversations[id]?.visible(at: request.arrival) ?? []
        return entries.isEmpty ? unknown("conversation") : try .json(ConversationView(entries.dropLast()))
    }

    /// What is there is not found; where there is nothing, it is.
    private mutating func misuseMemories(_ request: DemoRequest) throws -> DemoAnswer {
        guard request.method != .POST else {
            let content = try request.decode(MemoryContent.self).content
            return try .json(MemoryView(id: nextIdentifier(), content: content), status: .created)
        }
        let text = try request.searchedText()
        let isThere = !memories(containing: text, at: request.arrival).isEmpty
        return try .json(MemoryList(isThere ? [] : [MemoryView(id: nextIdentifier(), content: text)]))
    }

    private mutating func misuseMemory(_ request: DemoRequest, _ id: String) throws -> DemoAnswer {
        guard request.method != .DELETE else {
            memories.remove(id)
            return unknown("memory")
        }
        return try .json(MemoryView(id: id, content: Self.untruth))
    }
}
