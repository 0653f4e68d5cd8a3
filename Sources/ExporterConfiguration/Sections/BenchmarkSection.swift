import BenchmarkModel

extension [BenchmarkDefinition] {
    /// Reads the list of benchmarks; those with problems are left out.
    init?(reading field: Field, targets: [String: DeclaredTarget]?, defaults: RunSettings, keyPrefix: String) {
        guard let fields = field.list("a list of benchmarks", upTo: 1000) else { return nil }
        if fields.isEmpty { field.report(found: "an empty list", expected: "at least one benchmark") }
        var names: Set<String> = []
        let entries = fields.compactMap { field -> (section: Section, name: String?)? in
            guard let section = Section(field, keys: BenchmarkDefinition.keys) else { return nil }
            let name = section.required("name", "the name of the benchmark")?.label("the name of the benchmark")
            if let name, !names.insert(name).inserted {
                let found = "\(section["name"]?.shown ?? "a name") a second time"
                section.report(found: found, expected: "another name", at: "name")
            }
            return (section, name)
        }
        // A mix takes its probes from the others, so they are read first.
        var candidates = MixCandidates()
        func definition(_ entry: (section: Section, name: String?)) -> BenchmarkDefinition? {
            BenchmarkDefinition(
                reading: entry.section,
                name: entry.name,
                targets: targets,
                defaults: defaults,
                keyPrefix: keyPrefix,
                candidates: candidates
            )
        }
        var definitions: [BenchmarkDefinition?] = entries.map { entry in
            let isMix = ProbeDefinition.isMix(entry.section)
            let definition = isMix ? nil : definition(entry)
            if let name = entry.name { candidates.add(definition, isMix: isMix, named: name) }
            return definition
        }
        for (index, entry) in entries.enumerated() where ProbeDefinition.isMix(entry.section) {
            definitions[index] = definition(entry)
        }
        self = definitions.compactMap(\.self)
    }
}

extension BenchmarkDefinition {
    fileprivate static let keys = ["name", "category", "operation", "target", "arrival", "probe"] + RunSettings.keys

    fileprivate init?(
        reading section: Section,
        name: String?,
        targets: [String: DeclaredTarget]?,
        defaults: RunSettings,
        keyPrefix: String,
        candidates: MixCandidates
    ) {
        let category = BenchmarkCategory(reading: section, name: name)
        let arrival = section["arrival"].flatMap(ArrivalDefinition.init(reading:))
        var settings = RunSettings(reading: section, others: defaults.specialised(for: category))
        settings.adapt(to: arrival, section)
        // A mix asks the targets of its members, and may have the name of one as its label.
        let isMix = ProbeDefinition.isMix(section)
        let asked = isMix && section["target"] == nil ? nil : Self.targetName(section)
        let declared = targets.flatMap { DeclaredTarget.named(asked, among: $0, section) }
        let probe = ProbeDefinition(
            reading: section,
            target: declared,
            category: category,
            surroundings: StepsSurroundings(
                prefix: keyPrefix,
                targets: targets,
                target: asked,
                objective: settings.objective
            ),
            candidates: candidates
        )
        let operation = section.setting("operation", default: probe?.defaultOperation) {
            $0.label("the label of what the benchmark does")
        }
        settings.checkTimeout(section)
        if let probe, !probe.measuredSteps.isEmpty {
            if section["operation"] != nil {
                section.report(found: "a label", expected: "the key measure of the steps alone", at: "operation")
            }
        } else if let probe, let metric = settings.objective.metric {
            section.check(metric, against: probe)
        }

        guard let name, let category, let target = asked ?? probe?.mixTargetName, let operation,
            let interval = settings.interval,
            let startJitter = settings.startJitter, let timeout = settings.timeout,
            let iterations = settings.iterations, let warmupIterations = settings.warmupIterations,
            let concurrency = settings.concurrency, let objective = settings.objective.objective,
            let overlap = settings.overlap, let baselineParts = settings.baselineParts, let probe,
            arrival != nil || section["arrival"] == nil
        else { return nil }
        self.init(
            name: name,
            category: category,
            interval: interval,
            startJitter: startJitter,
            timeout: timeout,
            iterations: iterations,
            warmupIterations: warmupIterations,
            concurrency: concurrency,
            overlap: overlap,
            arrival: arrival,
            baselineParts: baselineParts,
            probe: probe,
            operations: probe.measuredSteps.isEmpty
                ? [
                    OperationDefinition(
                        identity: BenchmarkIdentity(benchmark: name, operation: operation, target: target),
                        objective: objective,
                        traits: OperationTraits(model: probe.model, isOpenLoop: arrival != nil),
                        target: isMix ? declared?.description ?? probe.target : probe.target
                    )
                ] : probe.measuredSteps.compactMap { $0.operation(of: name, isOpenLoop: arrival != nil) }
        )
    }
}

extension BenchmarkDefinition {
    fileprivate static func targetName(_ section: Section) -> String? {
        section.required("target", "the name of a target")?.text("the name of a target")
    }
}

extension ProbeDefinition {
    /// The steps that are operations of their own.
    fileprivate var measuredSteps: [StepDefinition] {
        guard case .steps(let definition) = self else { return [] }
        return definition.steps.filter { $0.measure != nil }
    }
}

extension StepDefinition {
    /// What is measured of the step in `benchmark`; `nil` for a step that is not measured.
    fileprivate func operation(of benchmark: String, isOpenLoop: Bool) -> OperationDefinition? {
        measure.map { measure in
            OperationDefinition(
                identity: BenchmarkIdentity(benchmark: benchmark, operation: measure.operation, target: target),
                objective: measure.objective,
                traits: OperationTraits(
                    model: request.model,
                    isOpenLoop: isOpenLoop,
                    waitsForVisibility: repetition != nil
                ),
                target: request.target
            )
        }
    }
}

extension BenchmarkCategory {
    /// The category as written, else that of the same name as the benchmark.
    fileprivate init?(reading section: Section, name: String?) {
        if let field = section["category"] {
            guard let category = field.choice(of: Self.self) else { return nil }
            self = category
            return
        }
        guard let name else { return nil }
        guard let category = Self(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            section.report(found: "nothing", expected: "one of \(names), as the name is none of them", at: "category")
            return nil
        }
        self = category
    }
}

extension RunSettings {
    /// The settings of a benchmark of a category that says nothing itself: what the category has of its own comes first.
    ///
    /// Without a category there is no target either, so that one missing category is one problem.
    fileprivate func specialised(for category: BenchmarkCategory?) -> Self {
        var settings = self
        settings.concurrency = category?.ownConcurrency ?? concurrency
        settings.objective.target = category.flatMap { $0.ownTarget ?? objective.target }
        return settings
    }

    /// An iteration that could last longer than the interval would let every run miss the next.
    fileprivate func checkTimeout(_ section: Section) {
        guard let timeout, let interval, timeout >= interval else { return }
        section.report(
            found: "a timeout of \(DurationText.text(of: timeout))",
            expected: "less than the interval of \(DurationText.text(of: interval))",
            at: section["timeout"] == nil && section["interval"] != nil ? "interval" : "timeout"
        )
    }
}
