import BenchmarkModel
import ExporterConfiguration
import Testing

@testable import AIBenchmarkExporter

@Suite("what makes a suite fail") struct FailOnTests {
    private static let change = SuiteReport.Change(shift: nil, verdict: .failing)

    private static func report() throws -> SuiteReport {
        SuiteMeasurementsTests.report(of: try #require(try SampleRun.definitions(target: 200).first))
    }

    @Test(
        "a missed objective and a regression fail as asked, in JUnit's XML as in the exit status",
        arguments: [
            (FailOn.fail, false, false, 0), (.fail, true, false, 1), (.fail, false, true, 1), (.fail, true, true, 1),
            (.regression, true, false, 0), (.regression, false, true, 1), (.never, true, true, 0),
        ]
    )
    func wanting(failOn: FailOn, isMissed: Bool, isWorse: Bool, failures: Int) throws {
        var report = try Self.report()
        if isMissed { report.operations[0].grade = .fail }
        if isWorse { report.operations[0].change = Self.change }
        #expect(failOn.fails(report) == (failures > 0))
        let xml = SuiteJUnit.text(of: report, failOn)
        #expect(xml.contains(#"tests="1" failures="\#(failures)" skipped="0">"#), "\(xml)")
        #expect(xml.contains("<failure ") == (failures > 0))
        let missed = #"name="missed_objective" value="p95 ≤ 200 ms where it is 100 ms, with 100 % successes of 20""#
        #expect(xml.contains(missed) == (isMissed && failures == 0), "\(xml)")
    }

    @Test("what was not measured or compared as asked has a sentence, unless nothing fails")
    func shortfall() throws {
        var report = try Self.report()
        #expect(FailOn.fail.shortfall(of: report, comparedWith: nil) == nil)
        SuiteComparison(.earlierRun) { _ in .unknown("the earlier run has none of it") }.fill(&report)
        #expect(
            FailOn.regression.shortfall(of: report, comparedWith: "a.json")
                == "run: nothing could be compared with a.json: the earlier run has none of it"
        )
        #expect(FailOn.regression.shortfall(of: report, comparedWith: nil) == nil)
        #expect(FailOn.never.shortfall(of: report, comparedWith: "a.json") == nil)
        report.operations[0].change = Self.change
        #expect(FailOn.fail.shortfall(of: report, comparedWith: "a.json") == nil)
        report.isPartial = true
        #expect(
            FailOn.fail.shortfall(of: report, comparedWith: nil)
                == "run: not all was measured: somebody else ended the suite"
        )
        report.unfinished = [SuiteReport.Unfinished(benchmark: "a", reason: "the token budget of t is spent")]
        #expect(
            FailOn.fail.shortfall(of: report, comparedWith: nil)
                == "run: not all was measured: a, as the token budget of t is spent"
        )
        #expect(FailOn.never.shortfall(of: report, comparedWith: nil) == nil)
    }

    @Test(
        "what a suite comes to counts apart what was missed and what was not measured",
        arguments: [
            ([Grade.pass, .pass], "all objectives are kept"), ([.pass, .fail], "1 of 2 objectives are missed"),
            ([.pass, nil], "1 of 2 operations are not measured"),
            ([.fail, nil], "1 of 2 objectives are missed, 1 of 2 operations are not measured"),
            ([nil, nil], "nothing was measured"), ([], "nothing was measured"),
        ] as [([Grade?], String)]
    )
    func result(grades: [Grade?], text: String) throws {
        var report = try Self.report()
        let operation = try #require(report.operations.first)
        report.operations = grades.map { grade in
            var operation = operation
            operation.grade = grade
            return operation
        }
        #expect(SuiteText.result(report) == "Result: \(text)")
    }

    @Test("no control character reaches JUnit's XML, of ASCII or not")
    func controlCharacters() throws {
        var report = try Self.report()
        report.operations[0].grade = .fail
        report.operations[0].lastFailure = IterationFailure(.other, "a\u{1B}b\u{85}c\u{9B}d\u{FFFE}e\u{202E}f<")
        #expect(SuiteJUnit.text(of: report, .fail).contains(">a b c d e f&lt;</failure>"))
    }

    @Test(
        "at the narrowest the grade alone stays of the grade, and the middle of names gives way",
        arguments: [40, 24]
    )
    func narrow(width: Int) throws {
        var report = try Self.report()
        report.operations[0].identity = BenchmarkIdentity(
            benchmark: "memory_operations",
            operation: "create",
            target: "t"
        )
        report.operations[0].isConfident = false
        let table = SuiteTable(width: width, hasColour: false).text(of: report).split(separator: "\n")
        #expect(table[1] == (width == 40 ? "memory_operations/create  100 ms  pass" : "memo…eate  100 ms  pass"))
        for line in table.prefix(2) { #expect(String(line).displayWidth <= width) }
    }
}
