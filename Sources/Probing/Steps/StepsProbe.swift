package import BenchmarkModel
import ExporterConfiguration
import Foundation
package import NIOCore
import Synchronization

/// Asks a sequence of requests that hand values on to one another, and leaves nothing behind.
///
/// What is asked finally follows the steps at once. Where that cannot be, as the time is up or the task was cancelled, it is
/// kept and asked when the run is over: an iteration never takes longer than it may.
package final class StepsProbe: Probe {
    /// Makes the probe of a rendered request; `nil` for a request that it cannot ask.
    typealias ProbeMaker = @Sendable (ProbeDefinition) -> (any AnsweringProbe)?

    private typealias Variables = [String: JSONScalar]

    /// What is left to be asked finally.
    private struct Remainder {
        var variables: Variables
        /// The indices of the requests, ascending.
        var requests: [Int]
    }

    private struct State {
        /// Of the next iteration within the run.
        var index = 0
        var remainders: [Remainder] = []
    }

    /// More iterations without their end are not remembered: what they leave behind expires.
    static let maximumRemainders = 256

    /// The failures after which a request may have had no effect, as nobody was there to answer it.
    private static let unanswered: Set<FailureReason?> = [.notIssued, .dns, .connect, .tls, .timeout, .truncated]

    private let definition: StepsDefinition
    private let steps: [Step]
    private let finally: [Step]
    private let state = Mutex(State())

    /// The probe of `definition`; `client` makes what asks the requests of a step.
    init(_ definition: StepsDefinition, client: (StepDefinition) -> ProbeMaker) {
        self.definition = definition
        steps = definition.steps.map { Step($0, makeProbe: client($0)) }
        finally = definition.finally.map { Step($0, makeProbe: client($0)) }
    }

    package func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure? {
        state.withLock { $0.index = 0 }
        return nil
    }

    package func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        var variables = freshVariables()
        var sequence = StepSequence(definition.steps)
        var captured: [String] = []
        do throws(CancellationError) {
            while let index = sequence.next {
                let result = try await steps[index].perform(with: variables, deadline: deadline)
                variables.merge(result.values) { _, new in new }
                captured += result.values.values.compactMap(\.text)
                sequence.add(result.outcome.hiding(captured))
            }
        } catch {
            remember(Remainder(variables: variables, requests: Array(finally.indices)))
            throw error
        }
        remember(await finish(Remainder(variables: variables, requests: Array(finally.indices)), deadline: deadline))
        return sequence.outcome
    }

    /// Asks what iterations of the run could not ask finally.
    package func cleanUp(deadline: NIODeadline) async {
        let remainders = state.withLock { state in
            defer { state.remainders = [] }
            return state.remainders
        }
        for remainder in remainders { _ = await finish(remainder, deadline: deadline) }
    }

    /// Asks finally, and returns what it could not: nobody answered before the deadline or the end of the task.
    ///
    /// A step whose variables have no values has nothing to undo.
    private func finish(_ remainder: Remainder, deadline: NIODeadline) async -> Remainder {
        var rest = Remainder(variables: remainder.variables, requests: [])
        for index in remainder.requests where finally[index].canBeAsked(with: remainder.variables) {
            let isOver = Task.isCancelled || .now() >= deadline
            let result = isOver ? nil : try? await finally[index].perform(with: remainder.variables, deadline: deadline)
            if let result, !Self.unanswered.contains(result.outcome.failure?.reason) { continue }
            rest.requests.append(index)
        }
        return rest
    }

    private func remember(_ remainder: Remainder) {
        state.withLock { state in
            guard !remainder.requests.isEmpty, state.remainders.count < Self.maximumRemainders else { return }
            state.remainders.append(remainder)
        }
    }

    /// The variables that an iteration begins with.
    private func freshVariables() -> Variables {
        let index = state.withLock { state in
            defer { state.index += 1 }
            return state.index
        }
        var variables = definition.cases.isEmpty ? [:] : definition.cases[index % definition.cases.count]
        variables["uuid"] = .string(UUID().uuidString.lowercased())
        variables["nonce"] = .string(RandomDigits.make())
        variables["iteration"] = .number(Double(index))
        variables["prefix"] = .string(definition.prefix)
        return variables
    }
}

extension JSONScalar {
    /// A text as it is; `nil` for everything else.
    fileprivate var text: String? {
        switch self {
        case .string(let text): text
        case .null, .bool, .number: nil
        }
    }
}

extension IterationOutcome {
    /// The same, with none of these texts in what is said of its failure.
    fileprivate func hiding(_ texts: [String]) -> Self {
        guard let failure else { return self }
        var result = self
        result.failure = SecretRedaction(hiding: texts).redacted(failure)
        return result
    }
}

/// One step, made ready to be asked many times.
private struct Step: Sendable {
    private let request: StepRequest
    private let captures: CaptureReader
    private let repetition: RepetitionDefinition?
    private let makeProbe: StepsProbe.ProbeMaker

    typealias Result = (outcome: IterationOutcome, values: [String: JSONScalar])

    init(_ definition: StepDefinition, makeProbe: @escaping StepsProbe.ProbeMaker) {
        request = StepRequest(definition.request)
        captures = CaptureReader(definition.captures)
        repetition = definition.repetition
        self.makeProbe = makeProbe
    }

    /// Whether all of its variables have values.
    func canBeAsked(with variables: [String: JSONScalar]) -> Bool {
        request.variables.isSubset(of: variables.keys)
    }

    /// Asks, again and again where it should; everything is made ready before the first byte.
    func perform(
        with variables: [String: JSONScalar],
        deadline: NIODeadline
    ) async throws(CancellationError) -> Result {
        guard let probe = request.rendered(with: variables).flatMap(makeProbe) else {
            let failure = IterationFailure(.other, "a variable has no value")
            return (IterationOutcome(duration: .zero, failure: failure, endedAt: NIODeadline.now().uptime), [:])
        }
        guard let repetition else { return try await ask(probe, deadline: deadline) }
        var attempts = StepRepetition(repetition, startedAt: .now(), deadline: deadline)
        while true {
            let result = try await ask(probe, deadline: attempts.deadline)
            switch attempts.receive(result.outcome, at: .now()) {
            case .end(let outcome): return (outcome, result.values)
            case .again(let pause):
                do {
                    try await Task.sleep(for: .nanoseconds(pause.nanoseconds))
                } catch {
                    throw CancellationError()
                }
            }
        }
    }

    private func ask(_ probe: any AnsweringProbe, deadline: NIODeadline) async throws(CancellationError) -> Result {
        var (outcome, answer) = try await probe.ask(deadline: deadline)
        guard let answer, outcome.failure == nil else { return (outcome, [:]) }
        do throws(CaptureReader.Failure) {
            return (outcome, try captures.values(in: answer, deadline: deadline))
        } catch {
            outcome.failure = IterationFailure(error.reason, error.detail)
            return (outcome, [:])
        }
    }
}
