import BenchmarkModel
import ExporterConfiguration

extension ConfigurationFile {
    private static let expectedTarget =
        "http://HOST[:PORT][/PATH], https://HOST[:PORT][/PATH], redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or the same "
        + "with rediss://"

    /// The configuration that `--target` and `--category` stand for: one benchmark, and nothing is kept.
    static func load(target: String, category: BenchmarkCategory) throws(CommandFailure) -> LoadedConfiguration {
        // As a substitution, so that nothing in the URL is read as YAML, and no message shows it.
        let text = """
            instance: run
            store: { url: none }
            targets: { target: { \(try key(of: target)): "${AI_BENCHMARK_TARGET}" } } }
            benchmarks: [ { name: \(category.rawValue), target: target } ]
            """
        do {
            return try loader(with: ["AI_BENCHMARK_TARGET": target]).load(text, file: "")
        } catch {
            // Where something stands in a text that nobody wrote helps nobody.
            let problems = error.problems.map { "--target, --category: \($0.message)" }
            throw CommandFailure(message: problems.joined(separator: "\n"), status: .badUsage)
        }
    }

    /// The beginning of the definition of a target, up to its URL.
    private static func key(of target: String) throws(CommandFailure) -> String {
        let loader = loader()
        let scheme = target.prefix { $0 != ":" }.lowercased()
        do {
            if ["redis", "rediss"].contains(scheme) {
                _ = try loader.redisURL(target)
                return "redis: { url"
            }
            _ = try loader.serverURL(target)
            return "http: { base_url"
        } catch {
            let isKnown = ["http", "https", "redis", "rediss"].contains(scheme)
            let expected = isKnown ? error.expected : expectedTarget
            throw CommandFailure(message: "--target: found \(error.found), expected \(expected)", status: .badUsage)
        }
    }
}
