/// The three labels that every metric of a benchmark carries.
///
/// All three come from the configuration, so each is a closed set: nothing that a service answers can add a value.
package struct BenchmarkIdentity: Hashable, Sendable, Codable {
    /// The name of the benchmark, unique in a configuration.
    package var benchmark: String
    /// What the benchmark does, such as `stream`, `unary` or `get`.
    package var operation: String
    /// The name of the target that it asks.
    package var target: String

    package init(benchmark: String, operation: String, target: String) {
        self.benchmark = benchmark
        self.operation = operation
        self.target = target
    }
}
