import BenchmarkModel

// WHAT A CATEGORY ASKS BY ITSELF
//
// A benchmark that names a category and a target and nothing else gets the probe that stands here, as if it had been
// written in the file: the text goes through the same reader. `init --category` prints the very same text, so that what
// is changed starts from what is done.
//
// Everything that is written is under the key prefix of the exporter, has an expiry where the target knows one, and is
// deleted by the `finally` steps. Fresh values in every iteration keep caches from answering what they should not.

/// The probe of a category for a kind of target, as YAML.
struct CategoryProbe {
    /// The value of the key `probe`, without indentation and without a line end.
    let yaml: String

    /// `nil` where targets of that kind cannot be asked what the category asks.
    init?(_ category: BenchmarkCategory, of kind: DeclaredTarget.Kind) {
        let yaml: String? =
            switch kind {
            case .http: Self.http(category)
            case .redis: Self.redis(category)
            case .tcp: Self.tcp(category)
            case .command: nil
            }
        guard let yaml else { return nil }
        self.yaml = yaml
    }

    /// The text as if it stood under the key `probe` of `benchmark`, where its problems are reported.
    func field(of benchmark: Section) -> Field? {
        var composer = NodeComposer(substitution: .none, log: benchmark.log)
        let place = benchmark.place
        return composer.compose(yaml).map { node in
            Field(node: node.standing(at: .key("probe", of: place.path), place.position), log: benchmark.log)
        }
    }

    /// The kinds of target that `category` can ask by itself.
    static func kinds(of category: BenchmarkCategory) -> [DeclaredTarget.Kind] {
        DeclaredTarget.Kind.allCases.filter { CategoryProbe(category, of: $0) != nil }
    }

    private static func tcp(_ category: BenchmarkCategory) -> String? {
        switch category {
        case .healthCheck, .concurrentOperations: "tcp: {}"
        case .modelResponse, .cachedResponse, .contextLoading, .conversationStorage, .agentRouting, .memoryOperations:
            nil
        }
    }
}

extension ConfigurationNode {
    /// The same value, all of it at one place of a file.
    fileprivate func standing(at path: NodePath, _ position: Position) -> Self {
        var result = Self(path: path, position: position, content: content)
        switch content {
        case .scalar, .unreadable: break
        case .list(let nodes):
            result.content = .list(
                nodes.enumerated().map { index, node in node.standing(at: .index(index, of: path), position) }
            )
        case .mapping(let entries):
            result.content = .mapping(
                entries.map { entry in
                    let value = entry.value.standing(at: .key(entry.key, of: path), position)
                    return Entry(key: entry.key, position: position, value: value)
                }
            )
        }
        return result
    }
}
