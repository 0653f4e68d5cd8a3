import BenchmarkModel
import ExporterTestSupport
import Foundation
import NIOCore
import Testing

@testable import Probing

/// Something that a service does, the reason that is counted for it, and what people read.
struct HostileBehaviour: CustomTestStringConvertible {
    /// What the service does.
    var testDescription: String
    /// `nil` where it is none of the probe's business.
    var reason: FailureReason?
    /// What follows the subject; `nil` where it has a figure that cannot be known.
    var clause: String?
    var steps: [ScriptedService.Step]

    init(
        _ testDescription: String,
        _ reason: FailureReason,
        _ clause: String?,
        _ steps: ScriptedService.Step...
    ) {
        self.testDescription = testDescription
        self.reason = reason
        self.clause = clause
        self.steps = steps
    }

    /// A service that sends one byte every 5 milliseconds.
    init(_ testDescription: String, _ reason: FailureReason, _ clause: String?, drips text: String) {
        self.init(testDescription, reason, clause)
        steps = text.utf8.flatMap { [.sendBytes([$0]), .pause(.milliseconds(5))] as [ScriptedService.Step] }
    }

    /// A service that does no harm.
    init(_ testDescription: String, _ steps: ScriptedService.Step...) {
        self.testDescription = testDescription
        self.steps = steps
    }

    /// Executes `probe`, and expects its failure and what it costs.
    ///
    /// What the deadline ends has a near one, before which the service has done what it does.
    func expectFailure(of probe: some Probe, _ subject: String) async throws {
        let peak = try PeakMemory()
        let failure = try await withNearDeadline(from: reason == .timeout ? .seconds(1) : .seconds(30)) { time in
            try await probe.execute(deadline: .now() + time).failure
        } hasBegun: { failure in
            clause.map { failure?.detail == "\(subject): \($0)" } ?? (failure?.detail.hasPrefix("\(subject): ") == true)
        }
        #expect(try PeakMemory().mebibytes - peak.mebibytes < 256)
        #expect(failure?.reason == reason)
        if reason == nil {
            #expect(failure == nil)
        } else if let clause {
            #expect(failure?.detail == "\(subject): \(clause)")
        } else {
            #expect(failure?.detail.hasPrefix("\(subject): ") == true)
        }
    }
}

/// The most memory that this process has had, all suites together.
private struct PeakMemory {
    var mebibytes: Int

    init() throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        mebibytes = try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) / 1024
    }
}

extension String {
    /// The beginning of what gzip writes.
    static let gzip = "\u{1F}\u{8B}\u{8}"
}
