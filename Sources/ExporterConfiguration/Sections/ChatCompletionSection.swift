extension ChatCompletionDefinition {
    init?(reading field: Field) {
        let keys = [
            "path", "model", "system", "prompt", "max_tokens", "temperature", "stream", "nonce", "headers",
            "connection", "expect",
        ]
        guard let section = Section(field, keys: keys) else { return nil }
        let model = section.required("model", "the name of a model")?.label("the name of a model")
        let prompt = section.required("prompt", "what to ask the model")?.nonEmptyText("what to ask the model")
        let definition = Self(
            path: section["path"]?.requestPath() ?? "/v1/chat/completions",
            model: model ?? "",
            system: section["system"]?.nonEmptyText("the system message"),
            prompt: prompt ?? "",
            maxTokens: section["max_tokens"]?.integer(in: 1...1_000_000),
            temperature: section["temperature"]?.number(in: 0...2),
            stream: section["stream"]?.boolean() ?? true,
            nonce: section["nonce"]?.boolean() ?? true,
            headers: section["headers"].flatMap { [HeaderDefinition](reading: $0) } ?? [],
            connection: section["connection"]?.choice(of: ConnectionPolicy.self) ?? .warm,
            contains: section["expect"].flatMap { Section($0, keys: ["contains"]) }?["contains"]?
                .nonEmptyText("a text that the answer must contain")
        )
        guard model != nil, prompt != nil else { return nil }
        self = definition
    }
}
