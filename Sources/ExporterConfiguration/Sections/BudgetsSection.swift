extension [String: BudgetDefinition] {
    /// Reads the budgets of `targets`; those with problems are left out.
    init?(reading field: Field, targets: [String: DeclaredTarget]?) {
        guard let entries = field.entries("a mapping of names of targets to budgets") else { return nil }
        self.init()
        for entry in entries {
            if let targets, targets[entry.key] == nil {
                entry.field.log.report(
                    ValueProblem(found: "an unknown target", expected: targets.expectedName),
                    at: entry.position,
                    entry.field.node.path
                )
            }
            self[entry.key] = BudgetDefinition(reading: entry.field, target: targets?[entry.key])
        }
    }
}

extension BudgetDefinition {
    private static let tokenKeys = ["tokens_per_hour", "tokens_per_day"]
    private static let tokens = 1...1_000_000_000_000

    fileprivate init?(reading field: Field, target: DeclaredTarget?) {
        guard let section = Section(field, keys: Self.tokenKeys + ["max_in_flight"]), section.hasAnyKey() else {
            return nil
        }
        self.init(
            tokensPerHour: section["tokens_per_hour"]?.integer(in: Self.tokens),
            tokensPerDay: section["tokens_per_day"]?.integer(in: Self.tokens),
            maxInFlight: section["max_in_flight"]?.integer(in: 1...100_000)
        )
        guard let kind = target?.kind, kind != .http else { return }
        for key in Self.tokenKeys where section[key] != nil {
            section.report(
                found: "a budget of tokens with a target of the kind \(kind.rawValue)",
                expected: "one of the kind http, as only language models cost tokens",
                at: key
            )
        }
    }
}
