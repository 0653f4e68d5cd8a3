import BenchmarkModel

/// What the steps of a sequence find around them.
struct StepsSurroundings {
    /// The prefix of the keys that the exporter writes.
    var prefix: String
    var targets: [String: DeclaredTarget]?
    /// Of the benchmark, for steps that name none; `nil` where it has problems.
    var target: String?
    /// Of the benchmark, for what measured steps leave out.
    var objective: ObjectiveSettings
}

extension StepsDefinition {
    /// The keys beside `steps`.
    static let otherKeys = ["cases", "finally"]

    /// Variables that every iteration has.
    private static let freshVariables: Set = ["uuid", "nonce", "iteration", "prefix"]

    /// Reads `steps`, and from the section around it `cases` and `finally`.
    init?(reading field: Field, in section: Section, surroundings: StepsSurroundings) {
        let cases = section["cases"].map { $0.cases(refusing: Self.freshVariables) }
        guard let fields = field.list("a list of steps", upTo: 100) else { return nil }
        if fields.isEmpty { field.report(found: "an empty list", expected: "at least one step") }
        let caseVariables = Set((cases ?? []).flatMap(\.keys))
        var reader = StepReader(
            surroundings: surroundings,
            variables: Self.freshVariables.union(caseVariables),
            constants: Self.freshVariables.union(caseVariables)
        )
        let steps = fields.compactMap { reader.step($0) }
        let last = section["finally"]?.list("a list of steps", upTo: 100) ?? []
        let finally = last.compactMap { reader.finalStep($0) }
        guard !steps.isEmpty, steps.count == fields.count, finally.count == last.count else { return nil }
        self.init(prefix: surroundings.prefix, cases: cases ?? [], steps: steps, finally: finally)
    }
}

/// Reads one step after the other, and knows the variables that the earlier ones have set.
private struct StepReader {
    let surroundings: StepsSurroundings
    /// The names of all that have a value so far.
    var variables: Set<String>
    /// The names of those that no step may set.
    let constants: Set<String>
    private var count = 0
    private var hasWritten = false
    private var labels: Set<[String]> = []

    init(surroundings: StepsSurroundings, variables: Set<String>, constants: Set<String>) {
        self.surroundings = surroundings
        self.variables = variables
        self.constants = constants
    }

    mutating func step(_ field: Field) -> StepDefinition? {
        count += 1
        let own = ["name", "measure", "objective", "target", "capture", "repeat_until", "continue_on_failure"]
        guard let section = Section(field, keys: own + StepKind.names) else { return nil }
        let request = readRequest(section)
        let captures = readCaptures(section, of: request)
        let repetition = section["repeat_until"].flatMap { readRepetition($0) }
        if section["repeat_until"] == nil { hasWritten = true }
        let measure = readMeasure(section, of: request)
        let continues = section.setting("continue_on_failure", default: false) { $0.boolean() } ?? false
        if continues, section["capture"] != nil {
            let found = "true where the step captures something"
            section.report(found: found, expected: "false, as later steps depend on it", at: "continue_on_failure")
        }
        guard let request else { return nil }
        return StepDefinition(
            name: section.setting("name", default: "step \(count)") { $0.label("a name") } ?? "",
            target: request.target,
            request: request.definition,
            measure: measure,
            captures: captures,
            repetition: repetition,
            continuesOnFailure: continues
        )
    }

    /// A step that is asked when the others have ended, with whatever variables they have set by then.
    mutating func finalStep(_ field: Field) -> StepDefinition? {
        guard let section = Section(field, keys: ["name", "target"] + StepKind.names) else { return nil }
        let name = section.setting("name", default: "finally") { $0.label("a name") }
        guard let request = readRequest(section) else { return nil }
        return StepDefinition(name: name ?? "", target: request.target, request: request.definition)
    }

    private func readRequest(_ section: Section) -> (definition: ProbeDefinition, target: String)? {
        let name = section["target"].map { $0.text("the name of a target") } ?? surroundings.target
        let declared = surroundings.targets.flatMap { targets in
            section["target"] == nil
                ? name.flatMap { targets[$0] } : DeclaredTarget.named(name, among: targets, section)
        }
        guard let (kind, field) = section.exactlyOne(of: StepKind.self) else { return nil }
        field.checkVariables(variables)
        let definition = ProbeDefinition(reading: kind.probe, field, isStep: true, target: declared, in: section)
        guard let definition, let name else { return nil }
        return (definition, name)
    }

    private mutating func readCaptures(
        _ section: Section,
        of request: (definition: ProbeDefinition, target: String)?
    ) -> [CaptureDefinition] {
        let entries = section["capture"]?.entries("a mapping of variables to parts of the answer") ?? []
        let captures = entries.compactMap { entry in
            CaptureDefinition(reading: entry, constants: constants, of: request?.definition)
        }
        variables.formUnion(entries.map(\.key))
        return captures
    }

    private func readRepetition(_ field: Field) -> RepetitionDefinition? {
        guard let section = Section(field, keys: ["deadline", "pause"]) else { return nil }
        if !hasWritten {
            field.report(found: "no step before it", expected: "one whose effect is waited for")
        }
        let deadline = section.required("deadline", "how long to wait at most, such as 2s")?.duration()
        let pause = section.setting("pause", default: .milliseconds(10)) { $0.duration() }
        guard let deadline, let pause else { return nil }
        return RepetitionDefinition(deadline: deadline, pause: pause)
    }

    private mutating func readMeasure(
        _ section: Section,
        of request: (definition: ProbeDefinition, target: String)?
    ) -> StepMeasure? {
        let settings = ObjectiveSettings(reading: section["objective"], others: surroundings.objective)
        guard let field = section["measure"] else {
            if section["objective"] != nil {
                section.report(found: "an objective", expected: "the key measure beside it", at: "objective")
            }
            return nil
        }
        let operation = field.label("the label of what the step does")
        if let metric = settings.metric, let definition = request?.definition {
            section.check(metric, against: definition)
        }
        guard let operation, let objective = settings.objective, let request else { return nil }
        if !labels.insert([operation, request.target]).inserted {
            field.report(found: "\(field.shown) a second time for one target", expected: "another label")
        }
        return StepMeasure(operation: operation, objective: objective)
    }
}

/// The kinds of probe that can be a step.
private enum StepKind: RawRepresentable, CaseIterable {
    case http
    case languageModel(LanguageModelDialect)
    case redis

    static let allCases = [http] + LanguageModelDialect.allCases.map(languageModel) + [redis]
    static let names = allCases.map(\.rawValue)

    init?(rawValue: String) {
        guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = kind
    }

    var rawValue: String { probe.rawValue }

    var probe: ProbeKind {
        switch self {
        case .http: .http
        case .languageModel(let dialect): .languageModel(dialect)
        case .redis: .redis
        }
    }
}
