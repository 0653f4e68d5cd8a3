extension StoreDefinition {
    static let standard = StoreDefinition(
        location: .sqlite(path: "ai-benchmark-exporter.db"),
        resultRetention: .seconds(30 * 86_400),
        commitTimeout: .milliseconds(500)
    )

    init?(reading field: Field) {
        guard let section = Section(field, keys: ["url", "result_retention", "commit_timeout"]) else { return nil }
        let standard = Self.standard
        self.init(
            location: section["url"]?.parsed(StoreLocation.expected, StoreLocation.init(parsing:))
                ?? standard.location,
            resultRetention: section["result_retention"]?.duration() ?? standard.resultRetention,
            commitTimeout: section["commit_timeout"]?.duration() ?? standard.commitTimeout
        )
    }
}
