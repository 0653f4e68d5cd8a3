extension LanguageModelDefinition {
    init?(reading field: Field, dialect: LanguageModelDialect) {
        guard let section = Section(field, keys: dialect.keys) else { return nil }
        let model = section.required("model", "the name of a model")?.label("the name of a model")
        let prompt = section.required(dialect.promptKey, dialect.promptMeaning)?.nonEmptyText(dialect.promptMeaning)
        let limit =
            dialect.requiresMaxTokens
            ? section.required("max_tokens", "how many tokens the model may use") : section["max_tokens"]
        let maxTokens = limit?.integer(in: 1...1_000_000)
        let expect = section["expect"].flatMap { Section($0, keys: dialect.expectKeys) }
        let minimumCachedTokens = expect?["min_cached_tokens"]?.integer(in: 1...1_000_000)
        let definition = Self(
            dialect: dialect,
            path: section["path"]?.requestPath() ?? dialect.defaultPath,
            model: model ?? "",
            system: section["system"]?.nonEmptyText("the system message"),
            prompt: prompt ?? "",
            maxTokens: maxTokens,
            temperature: section["temperature"]?.number(in: dialect.temperatures),
            stream: section["stream"]?.boolean() ?? dialect.canStream,
            // A nonce keeps a prompt out of the cache that this is to prove.
            nonce: section["nonce"]?.boolean() ?? (minimumCachedTokens == nil),
            headers: section["headers"].flatMap { [HeaderDefinition](reading: $0) } ?? [],
            connection: section["connection"]?.choice(of: ConnectionPolicy.self) ?? .warm,
            expect: LanguageModelExpectation(reading: expect, dialect: dialect),
            minimumCachedTokens: minimumCachedTokens,
            json: expect?["json"]?.jsonExpectations() ?? []
        )
        if definition.stream, !definition.json.isEmpty {
            expect?.report(found: "values of a streamed answer", expected: "stream: false beside them", at: "json")
        }
        guard model != nil, prompt != nil, maxTokens != nil || !dialect.requiresMaxTokens else { return nil }
        self = definition
    }
}

extension LanguageModelExpectation {
    fileprivate init(reading section: Section?, dialect: LanguageModelDialect) {
        switch dialect {
        case .chatCompletion, .messages, .responses, .completions:
            self = .text(containing: section?["contains"]?.nonEmptyText("a text that the answer must contain"))
        case .embeddings:
            self = .embedding(dimensions: section?["dimensions"]?.integer(in: 1...1_000_000))
        }
    }
}

extension LanguageModelDialect {
    fileprivate var keys: [String] {
        let system = hasSystem ? ["system"] : []
        let generation = canStream ? ["max_tokens", "temperature", "stream"] : []
        return ["path", "model"] + system + [promptKey] + generation + ["nonce", "headers", "connection", "expect"]
    }

    fileprivate var expectKeys: [String] {
        switch self {
        case .chatCompletion, .messages, .responses, .completions: ["contains", "min_cached_tokens", "json"]
        case .embeddings: ["dimensions", "json"]
        }
    }

    fileprivate var defaultPath: String {
        switch self {
        case .chatCompletion: "/v1/chat/completions"
        case .messages: "/v1/messages"
        case .responses: "/v1/responses"
        case .completions: "/v1/completions"
        case .embeddings: "/v1/embeddings"
        }
    }

    fileprivate var promptKey: String { self == .embeddings ? "input" : "prompt" }

    fileprivate var promptMeaning: String { self == .embeddings ? "the text to embed" : "what to ask the model" }

    private var hasSystem: Bool {
        switch self {
        case .chatCompletion, .messages, .responses: true
        case .completions, .embeddings: false
        }
    }

    /// Whether the service generates something, which can be streamed and limited.
    fileprivate var canStream: Bool { self != .embeddings }

    fileprivate var requiresMaxTokens: Bool { self == .messages }

    fileprivate var temperatures: ClosedRange<Int> { self == .messages ? 0...1 : 0...2 }
}
