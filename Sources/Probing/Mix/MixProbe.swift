import BenchmarkModel
import NIOCore
import Synchronization

/// Asks what one of several probes asks, drawn by weight each time; the whole of its outcome is that of the mix.
final class MixProbe: Probe {
    struct Member: Sendable {
        /// Of the benchmark that the member is taken from.
        var name: String
        var weight: Double
        /// Whether its requests are to be named by the exporter.
        var carriesTraceContext: Bool
        var probe: any Probe
    }

    private let members: [Member]
    private let choice: WeightedChoice
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    /// A probe of `members`, of which there is at least one.
    init(_ members: [Member], generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.members = members
        choice = WeightedChoice(members.map(\.weight))
        self.generator = Mutex(generator)
    }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        let member = members[generator.withLock { choice.draw(using: &$0) }]
        let trace = member.carriesTraceContext ? TraceContext() : nil
        let outcome = await TraceContext.$current.withValue(trace) {
            try? await member.probe.execute(deadline: deadline)
        }
        guard var outcome else { throw CancellationError() }
        outcome.failure = outcome.failure.map { Self.failure($0, of: member) }
        outcome.traceID = trace?.traceID
        outcome.operations = []
        return outcome
    }

    /// Prepares one member after the other; the first that cannot be prepared is the failure.
    func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure? {
        for member in members {
            if let failure = try await member.probe.prepare(deadline: deadline) {
                return Self.failure(failure, of: member)
            }
        }
        return nil
    }

    /// Cleans up after all members at the same time, as they share the deadline.
    func cleanUp(deadline: NIODeadline) async {
        await withDiscardingTaskGroup { group in
            for member in members {
                group.addTask { await member.probe.cleanUp(deadline: deadline) }
            }
        }
    }

    private static func failure(_ failure: IterationFailure, of member: Member) -> IterationFailure {
        IterationFailure(failure.reason, "\(member.name): \(failure.detail)")
    }
}
