/// What the simulated model says to one request, before a dialect gives it its form.
///
/// It always says the same, a word a token, cut off at the limit of the request.
struct ModelReply: Sendable {
    /// What tells one answer from another.
    struct Identity: Equatable, Sendable {
        /// Each dialect puts a prefix of its own before it.
        var id: String
        /// Seconds since 1970.
        var created: Int
    }

    struct Token: Sendable {
        var text: String
        /// Since the token before it, or since the request.
        var delay = Duration.zero
    }

    /// The name of the model where the request gives none.
    static let model = "demo-model"
    /// Requests may be large, and every event of a stream repeats the name of the model.
    private static let longestModelName = 100
    private static let words = [
        "Your", " order", " left", " the", " warehouse", " this", " morning", " and", " should", " arrive", " within",
        " two", " days", ".", " I", " have", " sent", " you", " the", " tracking", " link", " by", " mail", ".",
    ]

    let identity: Identity
    let model: String
    let promptTokens: Int
    /// Whether the request wanted fewer tokens than there are.
    let isCutOff: Bool
    private(set) var cachedTokens = 0
    private(set) var tokens: [Token]

    /// A reply that comes at once.
    init(to request: some ModelRequest, identity: Identity) {
        self.identity = identity
        model = String((request.model ?? Self.model).prefix(Self.longestModelName))
        promptTokens = request.promptTokens
        tokens = Self.words.prefix(max(1, request.maxTokens ?? Self.words.count)).map { Token(text: $0) }
        isCutOff = tokens.count < Self.words.count
    }

    var text: String { tokens.map(\.text).joined() }

    /// Until the last token is there.
    var duration: Duration { tokens.reduce(.zero) { $0 + $1.delay } }

    /// Lets the tokens come one by one, as a model generates them.
    mutating func pace(by latencies: inout LatencyModel) {
        for index in tokens.indices {
            tokens[index].delay = latencies.draw(index == 0 ? .firstToken : .nextToken)
        }
    }

    /// The whole prompt was known.
    mutating func comeFromCache() {
        cachedTokens = promptTokens
    }

    mutating func sayNothing() {
        tokens = []
    }
}
