import ArgumentParser
import BenchmarkModel
import ExporterConfiguration
import Foundation
import Logging
import NIOCore

/// Runs a suite once, for terminals and CI.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run benchmarks once and show how they did.",
        discussion: """
            Exit status: 0 when all passed; 1 when what was measured is found wanting: an objective was missed or something \
            became worse (see --fail-on); 2 when it was not measured as asked: a wrong configuration or name, no exporter or no \
            token for --via, a spent budget, nothing that --compare could be compared with; 130 after Ctrl-C and 143 after \
            SIGTERM, which show what is known so far.

            What changed is against the file of --compare, and without it against the baselines that an exporter has learnt \
            and stored, which are read only. Where there are none, a line says why. One earlier run does not say how much runs \
            differ: against it iterations count as independent, and where they are not, more seems to have changed than has. \
            In doubt trust the baseline of a running exporter.

            Examples:
              ai-benchmark-exporter run
              ai-benchmark-exporter run health_check --iterations 60 --output markdown
              ai-benchmark-exporter run --target http://127.0.0.1:8000 \\
                --category health_check
              ai-benchmark-exporter run --output json > before.json
              ai-benchmark-exporter run --compare before.json --fail-on regression
              ai-benchmark-exporter run --via http://localhost:10300 \\
                --token.file admin.token
            """
    )

    /// How long a running exporter may take to end a suite and to hand out what it has measured, once it is no longer wanted.
    private static let patience = TimeAmount.seconds(3)

    @Argument(help: "Names of benchmarks; without any, all of the configuration.")
    var names: [String] = []

    @Option(help: "URL of a target (http, https, redis, rediss), in place of a configuration file and its store.")
    var target: String?

    @Option(help: "Category of the benchmark of --target.")
    var category: BenchmarkCategory?

    @Option(help: "Form of the result: table, json, junit or markdown.")
    var output: SuiteFormat = .table

    @Option(help: "Measured iterations of each benchmark, in place of the configured ones.")
    var iterations: Int?

    @Option(help: "Workers of each benchmark, in place of the configured ones.")
    var concurrency: Int?

    @Option(
        name: .customLong("fail-on"),
        help: "What makes the exit status 1: fail (also a regression), regression or never."
    )
    var failOn: FailOn = .fail

    @Option(
        help: "JSON of an earlier run to compare with, in place of the baselines in the store.",
        completion: .file()
    )
    var compare: String?

    @OptionGroup
    var store: StoreOptions

    /// The exporter that is to run the benchmarks in the place of this process.
    @OptionGroup
    var running: RunningExporterOptions

    mutating func validate() throws {
        if let iterations, !(1...100_000).contains(iterations) {
            throw ValidationError("--iterations: \(iterations) is not a number from 1 to 100000")
        }
        if let concurrency, !(1...1000).contains(concurrency) {
            throw ValidationError("--concurrency: \(concurrency) is not a number from 1 to 1000")
        }
        guard (target == nil) == (category == nil) else {
            throw ValidationError("--target and --category go together, in place of a configuration file")
        }
        guard target == nil || !store.areGiven else {
            throw ValidationError("--target goes with neither --config.file, --state.dir nor --store.url")
        }
        guard running.via == nil || target == nil && !store.areGiven else {
            throw ValidationError("--via: the running exporter has its own configuration, name none")
        }
    }

    func run() async throws {
        let earlier = try compare.map { try SuiteComparison(readingFile: $0) }
        let environment = ProcessInfo.processInfo.environment
        let progress = SuiteProgress(
            isTerminal: Terminal.errorIsTerminal,
            width: SuiteTable.width(environment, of: STDERR_FILENO)
        )
        let interruption = Interruption { status in
            progress.clear()
            _exit(status.rawValue)
        }
        try await interruption.listening {
            var report = try await measure(progress, interruption)
            earlier?.fill(&report)
            let text = try output.text(of: report, failOn, environment: environment)
            try Console.output(text, orFailWith: interruption.status ?? .badUsage)
            if let status = interruption.status { throw ExitCode(status.rawValue) }
            let fails = failOn.fails(report)
            if let shortfall = failOn.shortfall(of: report, comparedWith: compare) {
                throw CommandFailure(message: shortfall, status: fails ? .failure : .badUsage)
            }
            if fails { throw ExitCode(ExitStatus.failure.rawValue) }
        }
    }

    /// The report of the suite; what keeps it from being measured is a failure of its own, whoever measures.
    private func measure(_ progress: SuiteProgress, _ interruption: Interruption) async throws -> SuiteReport {
        defer { progress.clear() }
        do {
            if let exporter = try running.exporter() {
                return try await runRemotely(on: exporter, progress, interruption)
            }
            return try await runHere(progress, interruption)
        } catch {
            let reason = error is CancellationError ? "interrupted before anything was measured" : "\(error)"
            throw CommandFailure(
                message: (error as? CommandFailure)?.message ?? "run: \(reason)",
                status: interruption.status ?? .badUsage
            )
        }
    }

    /// The report of benchmarks that this process runs.
    private func runHere(_ progress: SuiteProgress, _ interruption: Interruption) async throws -> SuiteReport {
        let loaded = try load()
        let benchmarks = try chosen(from: loaded.configuration.benchmarks)
        let suite = SuiteRun(
            benchmarks: benchmarks,
            budgets: loaded.configuration.budgets,
            progress: progress,
            // What could be logged, the report says.
            logger: Logger(label: "ai-benchmark-exporter") { _ in SwiftLogNoOpLogHandler() }
        )
        let measurements = try await interruption.cancelling { try await suite.run() }
        let report = measurements.report(
            target: loaded.configuration.suiteTarget,
            completedAt: WallClock.now,
            isEnded: interruption.status != nil
        )
        guard compare == nil, target == nil else { return report }
        let access = store.access(loaded)
        let compared: @Sendable () async -> SuiteReport = {
            var report = report
            await SuiteComparison(baselinesOf: benchmarks, in: access).fill(&report)
            return report
        }
        // Who has ended the suite gets the comparison all the same; a signal that comes now ends that.
        return interruption.status == nil ? try await interruption.cancelling(compared) : await compared()
    }

    /// The report of benchmarks that a running exporter has run.
    private func runRemotely(
        on exporter: RunningExporter,
        _ progress: SuiteProgress,
        _ interruption: Interruption
    ) async throws -> SuiteReport {
        let (names, iterations, concurrency) = (names, iterations, concurrency)
        let suite = try await interruption.cancelling {
            try await RemoteSuite(on: exporter, benchmarks: names, iterations: iterations, concurrency: concurrency)
        }
        do {
            return try await interruption.cancelling {
                try await suite.finish(telling: progress)
                return try await suite.report()
            }
        } catch  where interruption.status != nil {
            let deadline = NIODeadline.now() + Self.patience
            await suite.cancel(before: deadline)
            return try await suite.report(before: deadline)
        }
    }

    private func load() throws(CommandFailure) -> LoadedConfiguration {
        guard let target, let category else { return try store.load() }
        return try ConfigurationFile.load(target: target, category: category)
    }

    private func chosen(from benchmarks: [BenchmarkDefinition]) throws -> [BenchmarkDefinition] {
        for name in names where !benchmarks.contains(where: { $0.name == name }) {
            let known = benchmarks.map { "'\($0.name)'" }.joined(separator: ", ")
            let message = "ai-benchmark-exporter: run: there is no benchmark '\(name)'; there are \(known)"
            throw CommandFailure(message: message, status: .badUsage)
        }
        return benchmarks.filter { names.isEmpty || names.contains($0.name) }.map { benchmark in
            var benchmark = benchmark
            benchmark.iterations = iterations ?? benchmark.iterations
            benchmark.concurrency = concurrency ?? benchmark.concurrency
            return benchmark
        }
    }
}
