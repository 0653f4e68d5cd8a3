/// The kinds of probe, each with the target that it asks.
package enum ProbeDefinition: Hashable, Sendable {
    case http(HTTPProbeDefinition, HTTPTarget)
    case languageModel(LanguageModelDefinition, HTTPTarget)
    case redis(RedisProbeDefinition, RedisEndpoint)
    case tcp(TCPProbeDefinition, TCPTarget)
    case command(CommandProbeDefinition, CommandTarget)

    /// The key in a configuration and the label `probe`.
    package var kind: String {
        switch self {
        case .http: "http"
        case .languageModel(let definition, _): definition.dialect.rawValue
        case .redis: "redis"
        case .tcp: "tcp"
        case .command: "command"
        }
    }

    /// The name of the language model that is asked; `nil` for other probes.
    package var model: String? {
        switch self {
        case .languageModel(let definition, _): definition.model
        case .http, .redis, .tcp, .command: nil
        }
    }

    /// Who is asked.
    package var target: TargetDescription {
        switch self {
        case .http(_, let target), .languageModel(_, let target): TargetDescription(target)
        case .redis(_, let target): TargetDescription(target)
        case .tcp(_, let target): TargetDescription(target)
        case .command(_, let target): TargetDescription(target)
        }
    }
}
