import NIOHTTP1

/// The demo service without its sockets: a request in, an answer with its delays out.
///
/// It stands for an orchestrator before a language model, with caches, sessions, conversations, memories and agents to
/// route to. It has no clock: a request says when it came. What it keeps is bounded, so that nobody can make it grow.
struct Orchestrator: Sendable {
    /// Paths that do not exist are counted together, so that nobody can make the counts grow.
    static let otherPaths = "other"
    private static let cacheCapacity = 1024

    private(set) var behaviour = Behaviour.well
    private(set) var counts: [String: Int]
    let seed: UInt64
    /// In seconds since 1970.
    private let start: Int
    var latencies: LatencyModel
    private var failures: SplitMix64
    private var mistakes: SplitMix64
    private var identifiers: SplitMix64
    private var behavesSince = Duration.zero
    /// The answers to questions, by the hash of the question.
    var answers = Shelf<UInt64, String>(capacity: cacheCapacity)
    /// What tells plain chat completions apart, by the hash of the request.
    var completions = Shelf<UInt64, ModelReply.Identity>(capacity: cacheCapacity)
    var sessions = Shelf<String, [StoredMessage]>(capacity: 256, weightLimit: 8 << 20)
    var conversations = Shelf<String, Conversation>(capacity: 256, weightLimit: 8 << 20)
    var memories = Shelf<String, Memory>(capacity: 1024, weightLimit: 1 << 20)

    /// `start` is when the service began, in seconds since 1970.
    init(seed: UInt64, start: Int = 0) {
        self.seed = seed
        self.start = start
        latencies = LatencyModel(seed: seed)
        failures = SplitMix64(seed: ~seed)
        mistakes = SplitMix64(seed: seed, stream: .max)
        identifiers = SplitMix64(seed: seed, stream: .max - 1)
        counts = Dictionary(uniqueKeysWithValues: DemoRoute.allCases.map { ($0.rawValue, 0) })
        counts[Self.otherPaths] = 0
    }

    /// Counts a request whose head is complete; called before it is answered, so a count is never too low.
    mutating func count(path: String) {
        counts[DemoPlace(path: path)?.route.rawValue ?? Self.otherPaths, default: 0] += 1
    }

    /// The answer to a request, or `nil` for none ever.
    mutating func answer(to request: DemoRequest) -> DemoAnswer? {
        guard let place = DemoPlace(path: request.path) else {
            let paths = DemoRoute.allCases.map(\.rawValue).joined(separator: ", ")
            return .problem(.notFound, "there is nothing at this path; there is something at \(paths)")
        }
        let route = place.route
        guard route.methods.contains(request.method) else {
            let allowed = route.methods.map(\.rawValue).joined(separator: ", ")
            return .problem(.methodNotAllowed, "\(route.rawValue) allows \(allowed)", headers: ["Allow": allowed])
        }
        guard !route.isControl, behaviour.applies(to: request.path) else { return respond(to: request, at: place) }
        let lateness = behaviour.lateness(after: request.arrival - behavesSince)
        if Double.random(in: 0..<1, using: &failures) < behaviour.failRatio {
            return DemoAnswer.problem(.internalServerError, "the demo service was told to fail").delayed(by: lateness)
        }
        guard !behaviour.hang else { return nil }
        let isWrong = Double.random(in: 0..<1, using: &mistakes) < behaviour.wrongRatio
        return respond(to: request, at: place, wrongly: isWrong).delayed(by: lateness)
    }

    /// A name that no other thing of this service has.
    mutating func nextIdentifier() -> String {
        String(identifiers.next(), radix: 36)
    }

    /// The whole second of a request, since 1970.
    func date(of request: DemoRequest) -> Int {
        start + Int(request.arrival.components.seconds)
    }

    /// Says what was made.
    mutating func created(_ id: String) throws -> DemoAnswer {
        try .json(["id": id], status: .created, after: latencies.draw(.storage))
    }

    mutating func unknown(_ thing: String) -> DemoAnswer {
        .problem(.notFound, "there is no such \(thing)").delayed(by: latencies.draw(.storage))
    }

    private mutating func respond(
        to request: DemoRequest,
        at place: DemoPlace,
        wrongly isWrong: Bool = false
    ) -> DemoAnswer {
        do {
            return try isWrong ? wrongAnswer(to: request, at: place) : rightAnswer(to: request, at: place)
        } catch let error as DemoError {
            return .problem(.badRequest, error.description)
        } catch {
            return .problem(.internalServerError, "the answer was not encoded: \(error)")
        }
    }

    mutating func rightAnswer(to request: DemoRequest, at place: DemoPlace) throws -> DemoAnswer {
        switch place.route {
        case .health: try .json(["status": "ok"], after: latencies.draw(.health))
        case .ready: try .json(["status": "ready"], after: latencies.draw(.health))
        case .models: try listModels()
        case .chatCompletion: try completeChat(request)
        case .messages: try complete(MessagesRequest.self, request)
        case .responses: try complete(ResponsesRequest.self, request)
        case .completions: try complete(CompletionRequest.self, request)
        case .embeddings: try embed(request)
        case .answers: try answerQuestion(request)
        case .context: try useContext(request, of: place.id)
        case .routing: try chooseAgent(request)
        case .conversations: try beginConversation()
        case .conversation: try endConversation(place.id)
        case .conversationMessages: try useMessages(request, of: place.id)
        case .memories: try useMemories(request)
        case .memory: try useMemory(request, place.id)
        case .behaviour: try behave(request)
        case .counts: try .json(tally)
        }
    }

    private mutating func behave(_ request: DemoRequest) throws -> DemoAnswer {
        if request.method == .PUT { behaviour = try request.decode(Behaviour.self) }
        if request.method == .DELETE { behaviour = .well }
        if [.PUT, .DELETE].contains(request.method) { behavesSince = request.arrival }
        return try .json(behaviour)
    }
}
