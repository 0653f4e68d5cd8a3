/// The kinds of probe, each with the target that it asks.
package enum ProbeDefinition: Hashable, Sendable {
    case http(HTTPProbeDefinition, HTTPTarget)
    case languageModel(LanguageModelDefinition, HTTPTarget)
    case redis(RedisProbeDefinition, RedisEndpoint)
    case tcp(TCPProbeDefinition, TCPTarget)
    case command(CommandProbeDefinition, CommandTarget)
    /// Each member asks its own target.
    case mix(MixDefinition)
    case steps(StepsDefinition)

    /// The key in a configuration and the label `probe`.
    package var kind: String {
        switch self {
        case .http: "http"
        case .languageModel(let definition, _): definition.dialect.rawValue
        case .redis: "redis"
        case .tcp: "tcp"
        case .command: "command"
        case .mix: "mix"
        case .steps: "steps"
        }
    }

    /// The name of the language model that is asked; `nil` for other probes.
    package var model: String? {
        switch self {
        case .languageModel(let definition, _): definition.model
        case .mix(let definition): definition.model
        case .http, .redis, .tcp, .command, .steps: nil
        }
    }

    /// Whether asking costs tokens.
    package var costsTokens: Bool {
        switch self {
        case .languageModel: true
        case .mix(let definition): definition.members.contains { $0.probe.costsTokens }
        case .steps(let definition): definition.all.contains { $0.request.costsTokens }
        case .http, .redis, .tcp, .command: false
        }
    }

    /// Who is asked; of a sequence, who is asked first.
    package var target: TargetDescription {
        switch self {
        case .http(_, let target), .languageModel(_, let target): TargetDescription(target)
        case .redis(_, let target): TargetDescription(target)
        case .tcp(_, let target): TargetDescription(target)
        case .command(_, let target): TargetDescription(target)
        case .mix(let definition): definition.target
        case .steps(let definition): definition.target
        }
    }
}
