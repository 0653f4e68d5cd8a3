import BenchmarkModel
import ExporterTestSupport
import Testing

@testable import AIBenchmarkExporter

@Suite("figures over a sliding window") struct FigureWindowTests {
    /// A window of 60 s, whose slots are of one second, with runs at those seconds.
    private static func window(_ runs: [(second: Double, milliseconds: [Int])]) throws -> FigureWindow {
        var window = FigureWindow(length: 60)
        for run in runs {
            let summary = SampleRun.summary(at: run.second, milliseconds: run.milliseconds)
            window.add(try #require(summary.operations.first), at: run.second, now: 1_000)
        }
        return window
    }

    @Test("counts, mean and grade are those of all runs together, and percentiles are within a bucket")
    func together() throws {
        let window = try Self.window([(100, [10, 20, 30]), (110, [150, -5]), (159, [40])])
        let figures = window.figures(at: 159, of: SampleRun.objective)
        #expect(figures.windowSeconds == 60)
        #expect((figures.count, figures.good, figures.slow, figures.failed) == (6, 4, 1, 1))
        #expect(figures.successRatio == 5.0 / 6)
        #expect(abs(try #require(figures.meanSeconds) - 0.05) < 1e-12)
        for (figure, exact) in [(figures.p50Seconds, 0.03), (figures.p95Seconds, 0.15), (figures.p99Seconds, 0.15)] {
            #expect(abs(try #require(figure) / exact - 1) < 0.022)
        }
        #expect(figures.grade == .fail)
    }

    @Test("the order in which runs come changes nothing, and none is kept that no window can show")
    func order() throws {
        let runs = (0..<200).map { (second: Double($0), milliseconds: [$0 + 1]) }
        func figures(_ runs: [(second: Double, milliseconds: [Int])]) throws -> FigureWindow.Figures {
            var figures = try Self.window(runs).figures(at: 199, of: SampleRun.objective)
            // A sum of floating-point numbers does depend on the order, in its last digit.
            figures.meanSeconds = figures.meanSeconds.map { ($0 * 1e9).rounded() / 1e9 }
            return figures
        }
        let forward = try figures(runs)
        #expect(forward.count == 60)
        #expect(try figures(runs.reversed()) == forward)
        var generator = SeededGenerator(seed: 7)
        #expect(try figures(runs.shuffled(using: &generator)) == forward)
    }

    @Test("what is older than the window is no part of it, and without a run there is no figure")
    func sliding() throws {
        let window = try Self.window([(100, [10])])
        #expect(window.figures(at: 159, of: SampleRun.objective).count == 1)
        let empty = window.figures(at: 160, of: SampleRun.objective)
        #expect(empty.count == 0)
        #expect(empty.successRatio == nil && empty.meanSeconds == nil && empty.p95Seconds == nil && empty.grade == nil)
    }

    @Test("a clock that goes ahead for a while leaves nothing behind once it is right again")
    func clockAhead() throws {
        var window = FigureWindow(length: 60)
        let run = try #require(SampleRun.summary(at: 100, milliseconds: [10]).operations.first)
        window.add(run, at: 90_000, now: 90_000)
        window.add(run, at: 100, now: 101)
        window.add(run, at: 90_000, now: 101)
        #expect(window.figures(at: 101, of: SampleRun.objective).count == 1)
        #expect(window.figures(at: 90_000, of: SampleRun.objective).count == 0)
    }

    @Test("times that no run can have had are left out", arguments: [-1, 1e11, .infinity, -.infinity, .nan])
    func impossibleTime(second: Double) throws {
        var window = FigureWindow(length: 60)
        let summary = SampleRun.summary(at: 100, milliseconds: [10])
        window.add(try #require(summary.operations.first), at: second, now: 100)
        #expect(window.figures(at: 100, of: SampleRun.objective).count == 0)
    }

    @Test(
        "a window is graded as a run of all its iterations would be",
        arguments: ObjectiveStatistic.allCases,
        [0.0, 0.1, 1]
    )
    func grade(statistic: ObjectiveStatistic, errorRatio: Double) throws {
        let objective = Objective(statistic: statistic, target: .milliseconds(100), errorRatio: errorRatio)
        let lists = [
            [10], [110], [-10], [10, 110], [10, -10], Array(repeating: 10, count: 95) + [110, 110, -1, -1, -1],
        ]
        for list in lists + [Array(repeating: 99, count: 19) + [-1], [90, 105, 104]] {
            let summary = SampleRun.summary(at: 100, milliseconds: list, objective: objective)
            var window = FigureWindow(length: 60)
            window.add(try #require(summary.operations.first), at: 100, now: 100)
            let grade = try #require(summary.operations.first?.statistics?.grade)
            #expect(window.figures(at: 100, of: objective).grade == grade, "\(list)")
        }
    }
}
