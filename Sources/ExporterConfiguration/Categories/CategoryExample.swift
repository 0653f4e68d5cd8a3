package import BenchmarkModel

/// A complete configuration of one category: what it asks of each kind of target by itself, written out.
package enum CategoryExample {
    /// The configuration as YAML; it loads without problems and without warnings.
    package static func text(_ category: BenchmarkCategory) -> String {
        let kinds = CategoryProbe.kinds(of: category)
        let targets = kinds.map { "  \($0.exampleName):\n    \($0.example)" }
        let benchmarks = kinds.enumerated().compactMap { index, kind in
            CategoryProbe(category, of: kind).map { benchmark(category, kind, isFirst: index == 0, probe: $0.yaml) }
        }
        return """
            # The category \(category.rawValue), with what it asks of each kind of target by itself: without the key 'probe' the
            # benchmarks below would do the same. Delete the targets that you do not have, and change what is different with you.
            # 'ai-benchmark-exporter init' prints a file with every setting.
            instance: assistant-0
            targets:
            \(targets.joined(separator: "\n"))
            benchmarks:
            \(benchmarks.joined(separator: "\n\n"))

            """
    }

    private static func benchmark(
        _ category: BenchmarkCategory,
        _ kind: DeclaredTarget.Kind,
        isFirst: Bool,
        probe: String
    ) -> String {
        let name = isFirst ? category.rawValue : "\(category.rawValue)_\(kind.rawValue)"
        var lines = ["  - name: \(name)"]
        if !isFirst { lines.append("    category: \(category.rawValue)") }
        lines += [
            "    target: \(kind.exampleName)",
            "    objective: { target: \(DurationText.text(of: category.ownTarget ?? Objective().target)) }",
        ]
        if let concurrency = category.ownConcurrency { lines.append("    concurrency: \(concurrency)") }
        lines.append("    probe:")
        lines += probe.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }
        return lines.joined(separator: "\n")
    }
}

extension DeclaredTarget.Kind {
    /// The name of such a target in an example.
    fileprivate var exampleName: String {
        switch self {
        case .http: "assistant"
        case .redis: "cache"
        case .tcp: "port"
        case .command: "program"
        }
    }

    /// Such a target on this machine.
    fileprivate var example: String {
        switch self {
        case .http: #"http: { base_url: "http://127.0.0.1:8000" }"#
        case .redis: #"redis: { url: "redis://127.0.0.1:6379/0" }"#
        case .tcp: #"tcp: { address: "127.0.0.1:8000" }"#
        case .command: "command: {}"
        }
    }
}
