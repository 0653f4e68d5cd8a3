import NIOHTTP1

extension Orchestrator {
    func reply(to question: some ModelRequest, _ request: DemoRequest, id: String) -> ModelReply {
        ModelReply(to: question, identity: .init(id: id, created: date(of: request)))
    }

    mutating func complete<Question: ModelRequest>(_: Question.Type, _ request: DemoRequest) throws -> DemoAnswer {
        try complete(try request.decode(Question.self), request).answer
    }

    /// A plain completion is remembered by the bytes of its request; a stream always comes from the model.
    mutating func completeChat(_ request: DemoRequest) throws -> DemoAnswer {
        let question = try request.decode(ChatCompletionRequest.self)
        guard question.stream != true else { return try complete(question, request).answer }
        let key = request.body.stableHash
        var answer: DemoAnswer
        if let known = completions[key] {
            var reply = ModelReply(to: question, identity: known)
            reply.comeFromCache()
            answer = try question.plain(reply).delayed(by: latencies.draw(.cacheHit))
            answer.headers.add(name: "X-Cache", value: "hit")
        } else {
            let identity: ModelReply.Identity
            (answer, identity) = try complete(question, request)
            answer.headers.add(name: "X-Cache", value: "miss")
            completions.put(identity, under: key)
        }
        return answer
    }

    mutating func embed(_ request: DemoRequest) throws -> DemoAnswer {
        try request.decode(EmbeddingsRequest.self).answer(after: latencies.draw(.embedding))
    }

    mutating func listModels() throws -> DemoAnswer {
        try .json(ModelList(names: [ModelReply.model, EmbeddingsRequest.model]), after: latencies.draw(.health))
    }

    private mutating func complete(
        _ question: some ModelRequest,
        _ request: DemoRequest
    ) throws -> (answer: DemoAnswer, identity: ModelReply.Identity) {
        var reply = reply(to: question, request, id: nextIdentifier())
        reply.pace(by: &latencies)
        return (try question.stream == true ? question.streamed(reply) : question.plain(reply), reply.identity)
    }
}

/// The models of the service, as OpenAI's API lists them.
struct ModelList: Encodable {
    struct Model: Encodable {
        var id: String
        var object = "model"
        var created = 0
        var owner = "demo"

        private enum CodingKeys: String, CodingKey {
            case id, object, created
            case owner = "owned_by"
        }
    }

    var object = "list"
    var data: [Model]

    init(names: [String]) {
        data = names.map { Model(id: $0) }
    }
}
