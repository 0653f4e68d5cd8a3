import BenchmarkModel
import Foundation
import NIOCore

/// A suite that a running exporter runs, asked for through its API.
struct RemoteSuite: Sendable {
    private static let command = "run --via"
    private static let path = ManagementAPI.base + "/benchmarks"
    /// Between two looks at how far the suite is.
    private static let pause = Duration.milliseconds(500)

    /// Of a report in bytes: a hundred benchmarks of as many iterations as can be asked for, each a figure of some 20 bytes.
    private static let maximumReportSize = 256 * 1024 * 1024

    private let exporter: RunningExporter
    private let id: String

    /// What `POST /benchmarks/run` takes.
    private struct Request: Encodable {
        /// Left out for all.
        var benchmarks: [String]?
        var iterations: Int?
        var concurrency: Int?
    }

    /// What the API says of a suite, as far as it is of interest here.
    private struct State: Decodable {
        var id: String
        var state: ManualRun.State
        var benchmarks: [String]
        var results: [Result]

        struct Result: Decodable {
            var benchmark: String
            var operations: [Operation]
        }

        struct Operation: Decodable {
            var operation: String
            var objective: Objective
            var judgedSeconds: Double?
            var grade: Grade?
        }

        struct Objective: Decodable {
            var statistic: ObjectiveStatistic
        }
    }

    /// Has `exporter` begin a suite: of all its benchmarks where none is named.
    init(on exporter: RunningExporter, benchmarks: [String], iterations: Int?, concurrency: Int?) async throws {
        let request = Request(
            benchmarks: benchmarks.isEmpty ? nil : benchmarks,
            iterations: iterations,
            concurrency: concurrency
        )
        let answer = try await exporter.post(Self.path + "/run", request, for: Self.command)
        self.exporter = exporter
        id = try Self.state(in: answer).id
    }

    /// Returns when the suite has ended, and tells `progress` until then.
    func finish(telling progress: SuiteProgress) async throws {
        let clock = ContinuousClock()
        let startedAt = clock.now
        var told = 0
        while true {
            let state = try Self.state(in: await exporter.call("GET", path, for: Self.command))
            for result in state.results.dropFirst(told) {
                for operation in result.operations {
                    progress.end(
                        result.benchmark,
                        operation.operation,
                        operation.objective.statistic,
                        judged: operation.judgedSeconds,
                        operation.grade
                    )
                }
            }
            told = state.results.count
            guard state.state == .running else { return }
            let ended = Set(state.results.map(\.benchmark))
            progress.note(
                running: state.benchmarks.first { !ended.contains($0) },
                ended: told,
                of: state.benchmarks.count,
                elapsed: startedAt.duration(to: clock.now)
            )
            try await clock.sleep(for: Self.pause)
        }
    }

    /// Ends the suite early; it is of no account that it may have ended before.
    func cancel(before deadline: NIODeadline) async {
        _ = try? await exporter.call("DELETE", path, before: deadline, for: Self.command)
    }

    /// What was measured, once the suite has ended.
    func report(before deadline: NIODeadline? = nil) async throws -> SuiteReport {
        let answer = try await exporter.call(
            "GET",
            path + "/report",
            upTo: Self.maximumReportSize,
            before: deadline,
            for: Self.command
        )
        guard let report = try? SuiteJSON.decode(answer), report.formatVersion == SuiteReport.formatVersion else {
            throw Self.misunderstood
        }
        return report
    }

    private var path: String { "\(Self.path)/runs/\(id)" }

    private static func state(in answer: Data) throws -> State {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let state = try? decoder.decode(State.self, from: answer) else { throw misunderstood }
        return state
    }

    private static var misunderstood: CommandFailure {
        CommandFailure(
            message: "\(command): the exporter answers otherwise than this version of the program expects",
            status: .failure
        )
    }
}
