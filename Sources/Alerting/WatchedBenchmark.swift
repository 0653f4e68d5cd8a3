import BenchmarkModel
import ExporterConfiguration

/// What alerts have to know of an operation of a benchmark: each has an objective, and figures of its own.
struct WatchedBenchmark: Hashable {
    var identity: BenchmarkIdentity
    var interval: Duration
    var objective: Objective
    /// In seconds: how long a run takes of which every iteration times out.
    var longestRun: Double

    init(_ operation: OperationDefinition, of definition: BenchmarkDefinition) {
        identity = operation.identity
        interval = definition.interval
        objective = operation.objective
        let rounds = Double(definition.warmupIterations + definition.iterations) / Double(definition.concurrency)
        longestRun = rounds.rounded(.up) * definition.timeout.seconds
    }

    /// In seconds: after how long without a completed run something must be wrong.
    var staleAfter: Double { 3 * interval.seconds + longestRun }
}

extension ExporterConfiguration {
    /// Everything that has an objective of its own, in the order of the file.
    var watched: [WatchedBenchmark] {
        benchmarks.flatMap { benchmark in benchmark.operations.map { WatchedBenchmark($0, of: benchmark) } }
    }
}
