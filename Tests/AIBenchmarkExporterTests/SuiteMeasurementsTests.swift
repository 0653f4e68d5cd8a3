import BenchmarkModel
import ExporterConfiguration
import Foundation
import Testing

@testable import AIBenchmarkExporter

@Suite("what a suite has measured") struct SuiteMeasurementsTests {
    private static func definition(
        _ name: String = "model_response",
        instance: String = "a",
        address: String = "127.0.0.1:1"
    ) throws -> BenchmarkDefinition {
        let text = """
            instance: \(instance)
            targets: { t: { http: { base_url: "http://\(address)" } } }
            benchmarks: [ { name: \(name), target: t } ]
            """
        let loader = ConfigurationLoader(environment: [:], hostName: "test") { _ in "" }
        return try #require(try loader.load(text, file: "test").configuration.benchmarks.first)
    }

    /// The report of one run of `definition`, whose iterations took so many milliseconds.
    static func report(
        of definition: BenchmarkDefinition,
        milliseconds: [Int] = Array(repeating: 100, count: 20),
        outcome: RunOutcome = .completed,
        isSpent: (String) -> Bool = { _ in false },
        isEnded: Bool = false
    ) -> SuiteReport {
        let operations = definition.operations.map { operation in
            OperationRecord(
                identity: operation.identity,
                objective: operation.objective,
                warmupIterations: [],
                iterations: milliseconds.map { value in
                    var iteration = IterationOutcome(duration: .milliseconds(value))
                    iteration.languageModel = LanguageModelMeasurement(timeToFirstToken: .milliseconds(value))
                    return iteration
                },
                elapsed: .seconds(1)
            )
        }
        var measurements = SuiteMeasurements()
        let record = RunRecord(
            benchmark: definition.name,
            outcome: outcome,
            intendedAt: 0,
            completedAt: 1,
            lateness: .zero,
            operations: operations
        )
        measurements.add(record, of: definition, isSpent: isSpent)
        return measurements.report(target: .milliseconds(300), completedAt: 1, isEnded: isEnded)
    }

    @Test(
        "what was not measured has neither ratio nor grade, is no failure, and a spent budget is named",
        arguments: [
            (RunOutcome.aborted, false, []), (.aborted, true, ["the token budget of t is spent"]),
            (.skippedBudget, true, ["the token budget of t is spent"]),
        ]
    )
    func unmeasured(outcome: RunOutcome, isSpent: Bool, reasons: [String]) throws {
        let report = Self.report(of: try Self.definition(), milliseconds: [], outcome: outcome) { _ in isSpent }
        #expect(report.isPartial)
        #expect(report.unfinished.map(\.reason) == reasons)
        #expect(report.operations.count == 2)
        #expect(report.operations.allSatisfy { $0.successRatio == nil && $0.grade == nil })
        #expect(!report.hasFailed)
        #expect(report.slowestOperation == nil)
        #expect(SuiteText.result(report) == "Result: nothing was measured")
        #expect(try SuiteJSON.decode(SuiteJSON.encode(report)) == report)
        let table = SuiteTable(width: 200, hasColour: true).text(of: report)
        #expect(table.contains("model_response/unary   0        –    –"), "\(table)")
        #expect(!table.contains("\u{1B}"))
        #expect(table.contains("not measured"))
        #expect(table.contains("model_response: ended, as the token budget of t is spent\n") == isSpent)
        #expect(SuiteMarkdown.text(of: report).hasPrefix("### AI benchmark: ended early\n"))
        let xml = SuiteJUnit.text(of: report, .fail)
        #expect(xml.contains(#"tests="2" failures="0" skipped="2">"#))
        #expect(xml.contains(#"<skipped message="not measured"/>"#))
    }

    @Test("a run that was completed is whole, whatever its budget is by then")
    func completed() throws {
        let report = Self.report(of: try Self.definition()) { _ in true }
        #expect(!report.isPartial)
        #expect(report.unfinished.isEmpty)
        #expect(Self.report(of: try Self.definition(), isEnded: true).isPartial)
    }

    @Test(
        "an operation is compared with one of the same definition only",
        arguments: [
            ("nothing", true), ("iterations", true), ("target", true), ("concurrency", false), ("metric", false),
            ("instance", true), ("address", true), ("path", false),
        ]
    )
    func fingerprints(change: String, isCompared: Bool) throws {
        let before = try Self.definition()
        var definition = before
        switch change {
        case "iterations": definition.iterations = 60
        case "target": definition.operations[0].objective.target = .seconds(1)
        case "concurrency": definition.concurrency = 20
        case "metric": definition.operations[0].objective.metric = .duration
        case "instance": definition = try Self.definition(instance: "b")
        case "address": definition = try Self.definition(address: "another.test:2")
        case "path": definition = try Self.definition(address: "127.0.0.1:1/under")
        case _: break
        }
        var report = Self.report(of: definition)
        SuiteComparison(Self.report(of: before)).fill(&report)
        #expect((report.operations[0].change != nil) == isCompared)
        let gap = "the earlier run asked something else, or under another load: repeat it with the definition of now"
        #expect(report.comparison?.gap?.contains(gap) == (isCompared ? nil : true))
    }

    @Test("instances share the definition of steps too, whose keys have their names")
    func instances() throws {
        let before = Self.report(of: try Self.definition("memory_operations", instance: "a"))
        let definition = try Self.definition("memory_operations", instance: "b", address: "another.test:2")
        var report = Self.report(of: definition)
        SuiteComparison(before).fill(&report)
        #expect(report.comparison?.gap == nil)
    }
}
