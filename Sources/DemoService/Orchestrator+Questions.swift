import NIOHTTP1

/// A question with its answer, which a cache remembers.
struct Question: Codable {
    var question: String
    var answer: String?
}

extension Orchestrator {
    mutating func answerQuestion(_ request: DemoRequest) throws -> DemoAnswer {
        var body = try request.decode(Question.self)
        let key = body.question.stableHash
        let known = answers[key]
        let answer = known ?? Phrases.pick(by: seed ^ key)
        if known == nil { answers.put(answer, under: key) }
        body.answer = answer
        return try .json(
            body,
            headers: ["X-Cache": known == nil ? "miss" : "hit"],
            after: latencies.draw(known == nil ? .cacheMiss : .cacheHit)
        )
    }
}
