import Foundation
import NIOHTTP1

struct DemoRequest: Sendable {
    var method: HTTPMethod
    /// Without the query.
    var path: String
    var body: [UInt8] = []
}

/// The demo service without its sockets: a request in, an answer with its delays out.
///
/// It stands for an orchestrator before a language model, with a cache of answers, sessions and agents to route to.
struct Orchestrator: Sendable {
    /// Paths that do not exist are counted together, so that nobody can make the counts grow.
    static let otherPaths = "other"
    /// Beyond this the cache of answers begins anew.
    private static let cacheCapacity = 1024
    private static let sessionLength = 20

    private(set) var behaviour = Behaviour.well
    private(set) var counts: [String: Int]
    private let seed: UInt64
    private var latencies: LatencyModel
    private var failures: SplitMix64
    private var cachedQuestions: Set<UInt64> = []

    init(seed: UInt64) {
        self.seed = seed
        latencies = LatencyModel(seed: seed)
        failures = SplitMix64(seed: ~seed)
        counts = Dictionary(uniqueKeysWithValues: DemoRoute.allCases.map { ($0.rawValue, 0) })
        counts[Self.otherPaths] = 0
    }

    /// Counts a request whose head is complete; called before it is answered, so a count is never too low.
    mutating func count(path: String) {
        counts[DemoRoute(path: path)?.rawValue ?? Self.otherPaths, default: 0] += 1
    }

    /// The answer to a request, or `nil` for none ever.
    mutating func answer(to request: DemoRequest) -> DemoAnswer? {
        guard let route = DemoRoute(path: request.path) else {
            let paths = DemoRoute.allCases.map(\.rawValue).joined(separator: ", ")
            return .problem(.notFound, "there is nothing at this path; there is something at \(paths)")
        }
        guard route.methods.contains(request.method) else {
            let allowed = route.methods.map(\.rawValue).joined(separator: ", ")
            return .problem(.methodNotAllowed, "\(route.rawValue) allows \(allowed)", headers: ["Allow": allowed])
        }
        guard !route.isControl, behaviour.applies(to: request.path) else { return respond(to: request, on: route) }
        let slowness = Duration.milliseconds(behaviour.slowByMilliseconds)
        if Double.random(in: 0..<1, using: &failures) < behaviour.failRatio {
            return DemoAnswer.problem(.internalServerError, "the demo service was told to fail").delayed(by: slowness)
        }
        return behaviour.hang ? nil : respond(to: request, on: route).delayed(by: slowness)
    }

    private mutating func respond(to request: DemoRequest, on route: DemoRoute) -> DemoAnswer {
        do {
            switch route {
            case .health: return try .json(["status": "ok"], after: latencies.draw(.health))
            case .ready: return try .json(["status": "ready"], after: latencies.draw(.health))
            case .chatCompletion: return try completeChat(request)
            case .answers: return try answerQuestion(request)
            case .context: return try loadContext(request)
            case .routing: return try chooseAgent(request)
            case .behaviour: return try behave(request)
            case .counts: return try .json(counts)
            }
        } catch let error as DemoError {
            return .problem(.badRequest, error.description)
        } catch {
            return .problem(.internalServerError, "the answer was not encoded: \(error)")
        }
    }

    private mutating func completeChat(_ request: DemoRequest) throws -> DemoAnswer {
        let question = try request.decode(ChatCompletionRequest.self)
        let completion = ChatCompletion(question)
        guard question.stream == true else { return try completion.plain(latencies: &latencies) }
        let includesUsage = question.streamOptions?.includeUsage == true
        return try completion.streamed(includesUsage: includesUsage, latencies: &latencies)
    }

    private mutating func answerQuestion(_ request: DemoRequest) throws -> DemoAnswer {
        struct Body: Codable {
            var question: String
            var answer: String?
        }
        var body = try request.decode(Body.self)
        let key = body.question.stableHash
        let isHit = cachedQuestions.contains(key)
        if cachedQuestions.count >= Self.cacheCapacity { cachedQuestions = [] }
        cachedQuestions.insert(key)
        body.answer = Phrases.pick(by: seed ^ key)
        return try .json(
            body,
            headers: ["X-Cache": isHit ? "hit" : "miss"],
            after: latencies.draw(isHit ? .cacheHit : .cacheMiss)
        )
    }

    private mutating func loadContext(_ request: DemoRequest) throws -> DemoAnswer {
        struct Session: Encodable {
            struct Message: Encodable {
                var role: String
                var content: String
            }

            var id: String
            var count: Int
            var messages: [Message]
        }
        let id = DemoRoute.sessionID(in: request.path) ?? ""
        let messages = (0..<Self.sessionLength).map { index in
            Session.Message(
                role: index.isMultiple(of: 2) ? "user" : "assistant",
                content: Phrases.pick(by: seed ^ id.stableHash &+ UInt64(index))
            )
        }
        let session = Session(id: id, count: messages.count, messages: messages)
        return try .json(session, after: latencies.draw(.context))
    }

    private mutating func chooseAgent(_ request: DemoRequest) throws -> DemoAnswer {
        struct Body: Decodable {
            var intent: String
        }
        let agent = Agent.choose(for: try request.decode(Body.self).intent)
        return try .json(["agent": agent.rawValue], after: latencies.draw(.routing))
    }

    private mutating func behave(_ request: DemoRequest) throws -> DemoAnswer {
        if request.method == .PUT { behaviour = try request.decode(Behaviour.self) }
        if request.method == .DELETE { behaviour = .well }
        return try .json(behaviour)
    }
}

extension DemoRequest {
    fileprivate func decode<Body: Decodable>(_ type: Body.Type) throws(DemoError) -> Body {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw DemoError(code: .body, subject: "\(method.rawValue) \(path)", underlyingError: error)
        }
    }
}

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

/// What people and assistants say in the demo.
private enum Phrases {
    private static let all = [
        "Where is my order?", "It left the warehouse this morning.", "Can I change the delivery address?",
        "Yes, until it is with the carrier.", "The invoice shows the old price.", "I have corrected it, thank you.",
        "How do I reset my password?", "With the link that I have just sent to you.",
    ]

    static func pick(by seed: UInt64) -> String {
        var generator = SplitMix64(seed: seed)
        return all[Int(generator.next() % UInt64(all.count))]
    }
}
