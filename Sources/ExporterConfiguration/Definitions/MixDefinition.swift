/// A probe that is one of several each time, drawn by weight.
package struct MixDefinition: Hashable, Sendable {
    /// In the order of the file; at least one.
    package var members: [MixMember]

    package init(members: [MixMember]) {
        self.members = members
    }

    /// The label `target` where the benchmark names none: the names of the targets of all members, joined by `+`.
    var targetName: String {
        members.flatMap(\.targets).removingRepetitions.joined(separator: "+")
    }

    /// The only language model among the members; `nil` where there are none or several.
    var model: String? {
        let models = Set(members.compactMap(\.probe.model))
        return models.count == 1 ? models.first : nil
    }

    /// The only target of the members, or all of them in one.
    var target: TargetDescription {
        let targets = members.map(\.probe.target).removingRepetitions
        if let only = targets.first, targets.count == 1 { return only }
        return TargetDescription(kind: "mix", endpoint: targets.map(\.endpoint).joined(separator: ", "))
    }
}

/// What another benchmark asks, as a part of a mix.
package struct MixMember: Hashable, Sendable {
    /// The name of that benchmark.
    package var benchmark: String
    /// The names of the targets that it asks; at least one, and of a probe that is no sequence one.
    package var targets: [String]
    /// Its part of the iterations is this divided by the sum over all members; greater than zero.
    package var weight: Double
    /// No mix itself.
    package var probe: ProbeDefinition

    package init(benchmark: String, targets: [String], weight: Double, probe: ProbeDefinition) {
        self.benchmark = benchmark
        self.targets = targets
        self.weight = weight
        self.probe = probe
    }
}

extension Array where Element: Hashable {
    /// The same without what has occurred before.
    var removingRepetitions: Self {
        var known: Set<Element> = []
        return filter { known.insert($0).inserted }
    }
}
