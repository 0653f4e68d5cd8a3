package import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
import NIOHTTP1

/// Asks one HTTP request, follows redirects where it should, and checks the answer.
package struct HTTPProbe: AnsweringProbe {
    private let request: HTTPRequest
    private let connection: ConnectionPolicy
    private let followsRedirects: Bool
    private let base: HTTPBaseURL
    private let check: HTTPExpectationCheck
    private let transport: HTTPTransport

    /// The probe of `definition`; `transport` is that of `target`.
    package init(_ definition: HTTPProbeDefinition, target: HTTPTarget, transport: HTTPTransport) {
        request = HTTPRequest(
            method: definition.method,
            target: definition.path,
            headers: HTTPHeaders(definition.headers.map { ($0.name, $0.value.reveal) }),
            body: definition.body.map { Array($0.utf8) }
        )
        connection = definition.connection
        followsRedirects = definition.followsRedirects
        base = target.baseURL
        check = HTTPExpectationCheck(definition.expect)
        self.transport = transport
    }

    /// Asks once; the duration spans all hops of a redirected request, and a phase adds up over them.
    package func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        try await ask(deadline: deadline).outcome
    }

    func ask(
        deadline: NIODeadline
    ) async throws(CancellationError) -> (outcome: IterationOutcome, answer: ProbeAnswer?) {
        var next = request
        var hops = Hops()
        while true {
            let result = try await transport.exchange(next, connection: connection, deadline: deadline)
            switch result {
            case .failure(let failure):
                return (hops.outcome(of: failure), nil)
            case .success(let answer):
                hops.add(answer.timing)
                let subject = next.subject(at: base)
                guard followsRedirects, let redirect = HTTPRedirect(answer, to: next, at: base) else {
                    guard let failure = await check.result(for: answer, deadline: deadline) else {
                        return (hops.outcome(), ProbeAnswer(headers: answer.headers, text: answer.body.bytes))
                    }
                    return (hops.outcome(failure: failure.reason, "\(subject): \(failure.detail)"), nil)
                }
                guard hops.count <= HTTPRedirect.limit else {
                    let detail = "\(subject): more than \(HTTPRedirect.limit) redirects"
                    return (hops.outcome(failure: .http3xx, detail), nil)
                }
                switch redirect {
                case .refuse(let why): return (hops.outcome(failure: .http3xx, "\(subject): \(why)"), nil)
                case .follow(let request): next = request
                }
            }
        }
    }
}

/// The exchanges of one iteration, taken together.
private struct Hops {
    private(set) var count = 0
    private var startedAt: NIODeadline?
    private var endedAt: NIODeadline?
    private var duration = Duration.zero
    private var phases: [ProbePhase: Duration] = [:]

    mutating func add(_ timing: HTTPTiming) {
        count += 1
        let start = startedAt ?? timing.startedAt
        startedAt = start
        endedAt = timing.completedAt
        duration = timing.completedAt.duration(since: start)
        phases.merge(timing.phases, uniquingKeysWith: +)
    }

    func outcome() -> IterationOutcome {
        IterationOutcome(duration: duration, phases: phases, endedAt: endedAt?.uptime)
    }

    func outcome(failure reason: FailureReason, _ detail: String) -> IterationOutcome {
        var outcome = outcome()
        outcome.failure = IterationFailure(reason, detail)
        return outcome
    }

    func outcome(of failure: HTTPFailure) -> IterationOutcome {
        IterationOutcome(
            duration: duration + failure.duration,
            phases: phases.merging(failure.partial?.timing.phases ?? [:], uniquingKeysWith: +),
            failure: IterationFailure(failure.reason, failure.detail),
            endedAt: NIODeadline.now().uptime
        )
    }
}
