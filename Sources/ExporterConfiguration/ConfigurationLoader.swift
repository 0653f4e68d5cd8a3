import BenchmarkModel

/// Makes a checked configuration of the text of a file.
///
/// Text becomes nodes (`NodeComposer`: YAML, limits, substitutions), nodes become definitions (`Sections`, through
/// `Field` and `Section`). A problem ends neither step: all of them are thrown together.
package struct ConfigurationLoader: Sendable {
    let environment: [String: String]
    private let hostName: String
    let readFile: @Sendable (String) throws -> String

    /// A loader for a machine.
    ///
    /// `hostName` is the instance where the file names none; `readFile` gives the text of the file of a `${file:PATH}`.
    package init(
        environment: [String: String],
        hostName: String,
        readFile: @escaping @Sendable (String) throws -> String
    ) {
        self.environment = environment
        self.hostName = hostName
        self.readFile = readFile
    }

    /// Reads the text of a file, whose name serves for messages only.
    ///
    /// Throws all problems at once.
    package func load(_ text: String, file: String) throws(ConfigurationError) -> LoadedConfiguration {
        let log = ProblemLog(file: file)
        let substitution = Substitution(environment: environment, readFile: readFile)
        var composer = NodeComposer(substitution: substitution, log: log)
        let root = composer.compose(text)
        let configuration = root.flatMap { self.configuration(from: Field(node: $0, log: log)) }
        guard let root, let configuration, log.problems.isEmpty else {
            throw ConfigurationError(problems: log.problems.inFileOrder)
        }
        return LoadedConfiguration(
            configuration: configuration,
            warnings: log.warnings.inFileOrder,
            redactedText: Redaction.text(of: root)
        )
    }

    /// Reads the URL of a store, as the key `store.url` does.
    package func storeLocation(_ url: String) throws(ValueProblem) -> StoreLocation {
        try StoreLocation(parsing: url)
    }

    /// Reads the URL of a server that speaks HTTP, as the key `base_url` of a target does.
    package func serverURL(_ url: String) throws(ValueProblem) -> HTTPBaseURL {
        try HTTPBaseURL(parsing: url)
    }

    /// Reads the URL of a server of Redis, as the key `url` of a target does.
    package func redisURL(_ url: String) throws(ValueProblem) -> RedisEndpoint {
        try RedisEndpoint(parsing: url)
    }

    private func configuration(from field: Field) -> ExporterConfiguration? {
        let keys = [
            "instance", "store", "defaults", "targets", "benchmarks", "budgets", "alerts", "alertmanager", "api",
        ]
        guard let section = Section(field, keys: keys) else { return nil }
        let instance = instance(section)
        let store = section.setting("store", default: .standard, StoreDefinition.init(reading:))
        let api = section.setting("api", default: APIDefinition(), APIDefinition.init(reading:))
        let objective = ObjectiveSettings(environment: environment, log: field.log)
        let defaults =
            section["defaults"].map { RunSettings(reading: $0, objective: objective) }
            ?? RunSettings(objective: objective)
        let targets = section.required("targets", "a mapping of names to targets").flatMap {
            [String: DeclaredTarget](reading: $0)
        }
        let benchmarks = section.required("benchmarks", "a list of benchmarks").flatMap {
            [BenchmarkDefinition](
                reading: $0,
                targets: targets,
                defaults: defaults,
                keyPrefix: "aibench:\(instance ?? ""):"
            )
        }
        let budgets = section.setting("budgets", default: [:]) {
            [String: BudgetDefinition](reading: $0, targets: targets)
        }
        let alerts = section.setting("alerts", default: [], [AlertOverride].init(reading:))
        let alertmanager = section.setting(
            "alertmanager",
            default: AlertmanagerDefinition(),
            AlertmanagerDefinition.init(reading:)
        )
        guard let instance, let store, targets != nil, let benchmarks, let budgets, let alerts, let alertmanager,
            let api
        else { return nil }
        alerts.warnOfMismatches(benchmarks.map(\.name), section["alerts"])
        if case .redis = store.location, section["instance"] == nil { warnOfHostName(field) }
        warnOfUnusedTargets(section["targets"], Set(benchmarks.flatMap(\.targets)))
        return ExporterConfiguration(
            instance: instance,
            store: store,
            benchmarks: benchmarks,
            suiteTarget: defaults.objective.target ?? Objective().target,
            budgets: budgets,
            alerts: alerts,
            alertmanager: alertmanager,
            api: api
        )
    }

    /// The name may stand within the braces of a hash tag of Redis, so it has none itself.
    private func instance(_ section: Section) -> String? {
        let expected = "a name for this exporter in the store, without braces"
        func problem(with name: String) -> ValueProblem? {
            name.utf8.contains { "{}".utf8.contains($0) }
                ? ValueProblem(found: "a name with braces", expected: expected) : name.labelProblem(expected)
        }
        guard section["instance"] == nil, let problem = problem(with: hostName) else {
            return section.setting("instance", default: hostName) { field in
                field.parsed(expected) { text throws(ValueProblem) in
                    if let problem = problem(with: text) { throw problem }
                    return text
                }
            }
        }
        section.report(
            found: "nothing, and a host name that cannot stand in",
            expected: problem.expected,
            at: "instance"
        )
        return nil
    }

    private func warnOfHostName(_ field: Field) {
        field.log.warn(
            ValueProblem(
                found: "nothing, so that state is kept under the host name, which changes with the pod",
                expected: "a name that stays when Redis is the store"
            ),
            at: field.node.position,
            .key("instance", of: .root)
        )
    }

    private func warnOfUnusedTargets(_ field: Field?, _ used: Set<String>) {
        for entry in field?.entries("targets") ?? [] where !used.contains(entry.key) {
            entry.field.log.warn(
                ValueProblem(found: "a target that nothing asks", expected: "a benchmark that does"),
                at: entry.position,
                entry.field.node.path
            )
        }
    }
}

extension BenchmarkDefinition {
    /// The names of all targets that are asked.
    fileprivate var targets: [String] {
        guard case .steps(let steps) = probe else { return operations.map(\.identity.target) }
        return steps.all.map(\.target)
    }
}

/// A configuration that has passed every check.
package struct LoadedConfiguration: Sendable {
    /// What the exporter has to do.
    package var configuration: ExporterConfiguration
    /// What is allowed and yet hardly meant, in the order of the file.
    package var warnings: [ConfigurationProblem]
    /// The configuration as YAML for people to look at, without a secret and with substitutions as they were written.
    package var redactedText: String
}
