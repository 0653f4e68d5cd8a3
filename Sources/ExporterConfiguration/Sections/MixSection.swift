import BenchmarkModel

/// The benchmarks of a configuration as a mix may name them.
struct MixCandidates {
    private enum Candidate {
        case member(BenchmarkDefinition)
        case mix
        /// It has problems, which have been reported.
        case unreadable
    }

    private var candidates: [String: Candidate] = [:]

    /// Adds a benchmark; `definition` is `nil` for a mix, and for one that has problems.
    mutating func add(_ definition: BenchmarkDefinition?, isMix: Bool, named name: String) {
        guard candidates[name] == nil else { return }
        candidates[name] = isMix ? .mix : definition.map(Candidate.member) ?? .unreadable
    }

    /// The benchmark that a mix names, or `nil` after reporting that it cannot be a member.
    fileprivate func member(_ name: String, _ field: Field) -> BenchmarkDefinition? {
        switch candidates[name] {
        case .member(let definition): return definition
        case .unreadable: return nil
        case .mix: field.report(found: "a mix", expected: "a benchmark that is none")
        case nil: field.report(found: field.shown, expected: expectedName)
        }
        return nil
    }

    private var expectedName: String {
        let names = candidates.keys.filter { if case .mix = candidates[$0] { false } else { true } }
        let known = names.sorted().prefix(10).map(\.quotedForMessage).joined(separator: ", ")
        return known.isEmpty ? "the name of another benchmark, of which there are none" : "one of \(known)"
    }
}

extension MixDefinition {
    /// Reads a list of names of benchmarks, each with its weight.
    init?(reading field: Field, of candidates: MixCandidates) {
        let expected = "a list of benchmarks, each with its weight"
        guard let fields = field.list(expected, upTo: 100) else { return nil }
        if fields.isEmpty { field.report(found: "an empty list", expected: expected) }
        let members = fields.compactMap { MixMember(reading: $0, of: candidates) }
        guard !fields.isEmpty, members.count == fields.count else { return nil }
        self.init(members: members)
    }
}

extension MixMember {
    fileprivate init?(reading field: Field, of candidates: MixCandidates) {
        guard let section = Section(field, keys: ["benchmark", "weight"]) else { return nil }
        let expected = "the name of another benchmark"
        let weight = section.setting("weight", default: 1) { $0.positiveNumber(upTo: 1_000_000) }
        guard let nameField = section.required("benchmark", expected), let name = nameField.text(expected),
            let benchmark = candidates.member(name, nameField), let weight
        else { return nil }
        self.init(
            benchmark: name,
            targets: benchmark.operations.map(\.identity.target).removingRepetitions,
            weight: weight,
            probe: benchmark.probe
        )
    }
}
