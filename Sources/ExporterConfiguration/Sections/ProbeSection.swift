import BenchmarkModel

/// The keys that a probe may have, exactly one of them.
enum ProbeKind: RawRepresentable, CaseIterable {
    case http
    case languageModel(LanguageModelDialect)
    case redis
    case tcp
    case command
    case mix
    case steps

    static let allCases =
        [http] + LanguageModelDialect.allCases.map(languageModel) + [redis, tcp, command, mix, steps]

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
        case .steps: "steps"
        }
    }

    /// The kind of target that such a probe asks; `nil` for one whose parts have targets of their own.
    var target: DeclaredTarget.Kind? {
        switch self {
        case .http, .languageModel: .http
        case .redis: .redis
        case .tcp: .tcp
        case .command: .command
        case .mix, .steps: nil
        }
    }
}

extension ProbeDefinition {
    /// Reads the key `probe` of a benchmark; `nil` as well where its target has problems.
    ///
    /// `candidates` are what a mix is made of.
    init?(
        reading benchmark: Section,
        target: DeclaredTarget?,
        category: BenchmarkCategory?,
        surroundings: StepsSurroundings,
        candidates: MixCandidates
    ) {
        let kinds = ProbeKind.allCases.map(\.rawValue)
        guard let field = Self.field(benchmark, target: target, category: category),
            let section = Section(field, keys: kinds + StepsDefinition.otherKeys),
            let (kind, request) = section.exactlyOne(of: ProbeKind.self)
        else { return nil }
        if case .steps = kind {
            let steps = StepsDefinition(reading: request, in: section, surroundings: surroundings)
            guard let steps else { return nil }
            self = .steps(steps)
            return
        }
        for key in StepsDefinition.otherKeys where section[key] != nil {
            section.report(found: "\(key) without steps", expected: "steps, which alone have them", at: key)
        }
        if case .mix = kind {
            guard let mix = MixDefinition(reading: request, of: candidates) else { return nil }
            self = .mix(mix)
            return
        }
        self.init(reading: kind, request, isStep: false, target: target, in: benchmark)
    }

    /// What is written, or else what the category asks of such a target by itself.
    private static func field(_ benchmark: Section, target: DeclaredTarget?, category: BenchmarkCategory?) -> Field? {
        if let field = benchmark["probe"] { return field }
        guard let category, let kind = target?.kind else { return nil }
        guard let probe = CategoryProbe(category, of: kind) else {
            let kinds = CategoryProbe.kinds(of: category).map(\.rawValue).joined(separator: ", ")
            benchmark.report(
                found: "nothing, for a target of the kind \(kind.rawValue)",
                expected: "a probe, as by itself \(category.rawValue) asks only targets of the kinds \(kinds)",
                at: "probe"
            )
            return nil
        }
        return probe.field(of: benchmark)
    }

    /// Reads one request, which `section` asks of `target`.
    init?(reading kind: ProbeKind, _ request: Field, isStep: Bool, target: DeclaredTarget?, in section: Section) {
        if let found = target?.kind, let wanted = kind.target, found != wanted {
            section.report(
                found: "a target of the kind \(found.rawValue)",
                expected: "one of the kind \(wanted.rawValue), which the probe \(kind.rawValue) asks",
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
            let definition = RedisProbeDefinition(reading: request, isStep: isStep)
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
        case .mix, .steps: return nil
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
        case .http, .languageModel, .redis, .tcp, .command, .steps: nil
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
        case .steps: "sequence"
        }
    }

    /// Whether a success has a first token.
    fileprivate var streams: Bool {
        switch self {
        case .languageModel(let definition, _): definition.stream
        case .http, .redis, .tcp, .command, .mix, .steps: false
        }
    }
}

extension Section {
    /// Only a streamed answer of a language model has a first token.
    func check(_ metric: ObjectiveMetric, against probe: ProbeDefinition) {
        guard metric == .timeToFirstToken, !probe.streams else { return }
        report(
            found: "an objective on time_to_first_token",
            expected: "a language model with stream: true, or the metric duration",
            at: "objective"
        )
    }
}
