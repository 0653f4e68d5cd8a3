import ExporterConfiguration

/// What asks the requests of one step: they differ from iteration to iteration, and share connections and what was learned
/// about the service.
enum StepClient: Sendable {
    case http(HTTPTransport)
    case languageModel(HTTPTransport, UsageOption)
    case redis(RedisConnectionPool)

    /// The probe that asks `request`; `nil` for a request of another kind.
    func probe(for request: ProbeDefinition) -> (any AnsweringProbe)? {
        switch (self, request) {
        case (.http(let transport), .http(let definition, let target)):
            HTTPProbe(definition, target: target, transport: transport)
        case (.languageModel(let transport, let option), .languageModel(let definition, let target)):
            LanguageModelProbe(definition, target: target, transport: transport, usageOption: option)
        case (.redis(let pool), .redis(let definition, _)):
            RedisProbe(definition, pool: pool)
        case (.http, _), (.languageModel, _), (.redis, _):
            nil
        }
    }
}
