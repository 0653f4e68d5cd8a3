import ArgumentParser
import BenchmarkModel
import ExporterConfiguration
import Foundation
import Logging
import UnixSignals

/// Runs a suite once, for terminals and CI.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run benchmarks once and show how they did.",
        discussion: """
            Exit status: 0 when all passed, 1 when an objective was missed or something became worse (see --fail-on), 2 for a \
            wrong configuration, 130 after Ctrl-C, which shows what is known so far.

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
            width: Terminal.width(environment, of: STDERR_FILENO) ?? SuiteTable.unlimitedWidth
        )
        var (report, isInterrupted) =
            if let exporter = try running.exporter() {
                try await runRemotely(on: exporter, progress)
            } else {
                try await runHere(progress)
            }
        earlier?.fill(&report)
        try Console.output(output.text(of: report, environment: environment))
        if isInterrupted { throw ExitCode(ExitStatus.interrupted.rawValue) }
        if report.isPartial {
            throw CommandFailure(message: "run: somebody else ended the suite", status: .failure)
        }
        if failOn.fails(report) { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    /// The report of benchmarks that this process runs, and whether a signal ended them early.
    private func runHere(_ progress: SuiteProgress) async throws -> (SuiteReport, Bool) {
        defer { progress.clear() }
        let loaded = try load()
        let benchmarks = try chosen(from: loaded.configuration.benchmarks)
        let suite = SuiteRun(
            benchmarks: benchmarks,
            budgets: loaded.configuration.budgets,
            progress: progress,
            logger: Logger(label: "ai-benchmark-exporter") { _ in LogLineHandler(format: .logfmt) }
        )
        let (records, isInterrupted) = try await untilInterrupted { try await suite.run() }
        var report = SuiteReport(
            of: records,
            target: loaded.configuration.suiteTarget,
            completedAt: WallClock.now,
            isPartial: isInterrupted
        )
        if compare == nil, target == nil {
            await SuiteComparison(baselinesOf: benchmarks, in: store.access(loaded)).fill(&report)
        }
        return (report, isInterrupted)
    }

    /// The report of benchmarks that a running exporter has run, and whether a signal ended them early.
    private func runRemotely(
        on exporter: RunningExporter,
        _ progress: SuiteProgress
    ) async throws -> (SuiteReport, Bool) {
        defer { progress.clear() }
        let suite = try await RemoteSuite(
            on: exporter,
            benchmarks: names,
            iterations: iterations,
            concurrency: concurrency
        )
        let (_, isInterrupted) = try await untilInterrupted { try await suite.finish(telling: progress) }
        if isInterrupted { await suite.cancel() }
        return (try await suite.report(), isInterrupted)
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

    /// What `work` leads to, and whether SIGINT or SIGTERM cancelled it.
    private func untilInterrupted<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> (Value, Bool) {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in signals { break }
                return nil
            }
            var isInterrupted = false
            while let finished = try await group.next() {
                group.cancelAll()
                if let finished { return (finished, isInterrupted) }
                isInterrupted = true
            }
            throw CancellationError()
        }
    }
}

/// What makes a suite fail.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
    /// A missed objective, or a regression.
    case fail
    case regression
    case never

    func fails(_ report: SuiteReport) -> Bool {
        switch self {
        case .fail: report.hasFailed || report.hasRegressed
        case .regression: report.hasRegressed
        case .never: false
        }
    }
}

/// The forms of a result.
enum SuiteFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, junit, markdown

    /// The report in this form, with a line end.
    func text(of report: SuiteReport, environment: [String: String]) throws -> String {
        switch self {
        case .table:
            SuiteTable(width: SuiteTable.width(environment), hasColour: Terminal.hasColour(environment)).text(
                of: report
            )
        case .json: String(decoding: try SuiteJSON.encode(report), as: UTF8.self) + "\n"
        case .junit: SuiteJUnit.text(of: report)
        case .markdown: SuiteMarkdown.text(of: report)
        }
    }
}
