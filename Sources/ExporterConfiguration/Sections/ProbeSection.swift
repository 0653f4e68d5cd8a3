/// The keys that a probe may have, exactly one of them.
private enum ProbeKind: RawRepresentable, CaseIterable {
    case http
    case languageModel(LanguageModelDialect)
    case redis
    case tcp
    case command
    case mix

    static let allCases = [http] + LanguageModelDialect.allCases.map(languageModel) + [redis, tcp, command, mix]

    init?(rawValue: String) {
        guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = kind
    }

    var rawValue: String {
        switch self {
        case .http: "http"
        case .languageModel(let dialect): dialect.rawValue
        case .redis: "redis"
        case .tcp: "tcp"
        case .command: "command"
        case .mix: "mix"
        }
    }

    /// The kind of target that such a probe asks; `nil` for one that is given none.
    var target: DeclaredTarget.Kind? {
        switch self {
        case .http, .languageModel: .http
        case .redis: .redis
        case .tcp: .tcp
        case .command: .command
        case .mix: nil
        }
    }
}

extension ProbeDefinition {
    /// Reads the key `probe` of a benchmark; `nil` as well where its target has problems.
    ///
    /// `candidates` are what a mix is made of.
    init?(reading benchmark: Section, target: DeclaredTarget?, candidates: MixCandidates) {
        let kinds = ProbeKind.allCases.map(\.rawValue)
        guard let field = benchmark.required("probe", "exactly one of \(kinds.joined(separator: ", "))"),
            let section = Section(field, keys: kinds),
            let (kind, request) = section.exactlyOne(of: ProbeKind.self)
        else { return nil }
        if let found = target?.kind, let expected = kind.target, found != expected {
            benchmark.report(
                found: "a target of the kind \(found.rawValue)",
                expected: "one of the kind \(expected.rawValue), which the probe \(kind.rawValue) asks",
                at: "target"
            )
        }
        switch kind {
        case .http:
            let definition = HTTPProbeDefinition(reading: request)
            guard let definition, case .http(let target?) = target else { return nil }
            self = .http(definition, target)
        case .languageModel(let dialect):
            let definition = LanguageModelDefinition(reading: request, dialect: dialect)
            guard let definition, case .http(let target?) = target else { return nil }
            self = .languageModel(definition, target)
        case .redis:
            let definition = RedisProbeDefinition(reading: request)
            guard let definition, case .redis(let target?) = target else { return nil }
            self = .redis(definition, target)
        case .tcp:
            let definition = TCPProbeDefinition(reading: request)
            guard let definition, case .tcp(let target?) = target else { return nil }
            self = .tcp(definition, target)
        case .command:
            let definition = CommandProbeDefinition(reading: request)
            guard let definition, case .command(let target?) = target else { return nil }
            self = .command(definition, target)
        case .mix:
            guard let definition = MixDefinition(reading: request, of: candidates) else { return nil }
            self = .mix(definition)
        }
    }

    /// Whether the key `probe` of `benchmark` holds a mix, whose members are other benchmarks.
    static func isMix(_ benchmark: Section) -> Bool {
        guard case .mapping(let entries) = benchmark["probe"]?.node.content else { return false }
        return entries.contains { $0.key == ProbeKind.mix.rawValue }
    }

    /// The label `target` of a mix; `nil` for the probes that ask the target of their benchmark.
    var mixTargetName: String? {
        switch self {
        case .mix(let definition): definition.targetName
        case .http, .languageModel, .redis, .tcp, .command: nil
        }
    }

    /// The label `operation` where the benchmark does not name one.
    var defaultOperation: String {
        switch self {
        case .http(let definition, _):
            definition.connection == .cold ? definition.connection.rawValue : definition.method.lowercased()
        case .languageModel(let definition, _): definition.stream ? "stream" : "unary"
        case .redis(let definition, _): definition.command.first?.lowercased() ?? ""
        case .tcp: "connect"
        case .command: "run"
        case .mix: "mix"
        }
    }
}
