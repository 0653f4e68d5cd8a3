import BenchmarkModel
import NIOCore

/// One connection and what is said over it: events with their instants go in, the outcome comes out.
///
/// The duration begins before the name is resolved, as the connection is always a cold one, and ends where nothing more is
/// waited for: the connection is ready, what is to be sent is with the operating system, or the expectation holds.
struct TCPExchange: Sendable {
    enum Event: Sendable {
        case connected(NIODeadline)
        case secured(NIODeadline)
        /// What is to be sent was begun and is with the operating system.
        case sent(begunAt: NIODeadline, NIODeadline)
        case received([UInt8], NIODeadline)
        case failed(HTTPConnectionFault, NIODeadline)
        case deadlinePassed(NIODeadline)
    }

    enum Action: Sendable {
        case none
        case finish(IterationOutcome)
        /// No connection to this address was made; the outcome is that of the last one.
        case tryNextAddress(IterationOutcome)
    }

    /// More of an answer is not read.
    static let maximumBytes = 64 * 1024

    /// What is known before the first packet.
    struct Plan: Sendable {
        /// What is asked of whom, such as `tcp db.example:5432`.
        var subject: String
        /// The address and the port, for people.
        var peer: String
        var isSecure: Bool
        var sends: Bool
        /// Compares what has come with the expectation; `nil` to wait for nothing.
        var check: (@Sendable ([UInt8]) -> IterationFailure?)?
        var startedAt: NIODeadline
        var dns: Duration?
        /// Before the first attempt at any address.
        var connectingAt: NIODeadline
    }

    private enum Stage {
        case connecting, securing, talking
    }

    private let plan: Plan
    private var stage = Stage.connecting
    private var connectedAt: NIODeadline?
    private var readyAt: NIODeadline?
    private var sending: (begunAt: NIODeadline, sentAt: NIODeadline)?
    private var firstByteAt: NIODeadline?
    private var received: [UInt8] = []
    private var mismatch: IterationFailure?

    init(_ plan: Plan) {
        self.plan = plan
    }

    /// Takes what happened; after an action other than `none` nothing more happens.
    mutating func handle(_ event: Event) -> Action {
        switch event {
        case .connected(let instant):
            connectedAt = instant
            stage = plan.isSecure ? .securing : .talking
            return plan.isSecure ? .none : ready(at: instant)
        case .secured(let instant):
            stage = .talking
            return ready(at: instant)
        case .sent(let begunAt, let instant):
            sending = (begunAt, instant)
            return plan.check == nil ? .finish(outcome(at: instant)) : .none
        case .received(let bytes, let instant):
            return receive(bytes, at: instant)
        case .failed(let fault, let instant):
            return fail(fault, at: instant)
        case .deadlinePassed(let instant):
            return .finish(failure(.timeout, "timed out \(whereabouts)", at: instant))
        }
    }

    private mutating func ready(at instant: NIODeadline) -> Action {
        readyAt = instant
        return plan.sends || plan.check != nil ? .none : .finish(outcome(at: instant))
    }

    private mutating func receive(_ bytes: [UInt8], at instant: NIODeadline) -> Action {
        guard let check = plan.check else { return .none }
        if firstByteAt == nil { firstByteAt = instant }
        received += bytes.prefix(Self.maximumBytes - received.count)
        mismatch = check(received)
        guard let mismatch else { return .finish(outcome(at: instant)) }
        if mismatch.reason == .timeout { return .finish(failure(.timeout, mismatch.detail, at: .now())) }
        guard received.count < Self.maximumBytes else {
            return .finish(failure(.tooLarge, "\(Self.maximumBytes) bytes and not what is expected", at: instant))
        }
        return .none
    }

    private func fail(_ fault: HTTPConnectionFault, at instant: NIODeadline) -> Action {
        switch (stage, fault) {
        case (.connecting, .timedOut):
            return .tryNextAddress(failure(.timeout, "timed out \(whereabouts)", at: instant))
        case (.connecting, _):
            return .tryNextAddress(failure(.connect, "no connection to \(plan.peer): \(fault)", at: instant))
        case (.securing, .ended(let how?)):
            let detail = "the connection to \(plan.peer) ended before it was ready: \(how)"
            return .finish(failure(.connect, detail, at: instant))
        case (.securing, _):
            return .finish(failure(.tls, "no TLS connection to \(plan.peer): \(fault)", at: instant))
        case (.talking, .ended(let how)):
            if let mismatch { return .finish(failure(mismatch.reason, mismatch.detail, at: instant)) }
            return .finish(failure(.truncated, "no answer: \(how ?? "the connection was closed")", at: instant))
        case (.talking, .insecure):
            return .finish(failure(.tls, "TLS failed: \(fault)", at: instant))
        case (.talking, _):
            return .finish(failure(.other, "the connection failed: \(fault)", at: instant))
        }
    }

    /// What was going on, for a deadline that passed.
    private var whereabouts: String {
        switch stage {
        case .connecting: "while connecting to \(plan.peer)"
        case .securing: "in the TLS handshake with \(plan.peer)"
        case .talking where plan.check == nil: "while sending"
        case .talking where firstByteAt == nil: "waiting for an answer"
        case .talking: "after \(received.count) bytes that are not what is expected"
        }
    }

    private func failure(_ reason: FailureReason, _ detail: String, at instant: NIODeadline) -> IterationOutcome {
        outcome(at: instant, failure: IterationFailure(reason, "\(plan.subject): \(detail)"))
    }

    private func outcome(at instant: NIODeadline, failure: IterationFailure? = nil) -> IterationOutcome {
        var phases: [ProbePhase: Duration] = [:]
        phases[.dns] = plan.dns
        phases[.connect] = connectedAt?.duration(since: plan.connectingAt)
        if plan.isSecure, let readyAt, let connectedAt { phases[.tls] = readyAt.duration(since: connectedAt) }
        if let sending {
            phases[.request] = min(sending.sentAt, firstByteAt ?? sending.sentAt).duration(since: sending.begunAt)
        }
        if let firstByteAt, let asked = sending?.sentAt ?? readyAt {
            phases[.wait] = firstByteAt.duration(since: min(asked, firstByteAt))
            phases[.transfer] = instant.duration(since: firstByteAt)
        }
        return IterationOutcome(
            duration: instant.duration(since: plan.startedAt),
            phases: phases.filter { $0.value >= .zero },
            failure: failure,
            endedAt: instant.uptime
        )
    }
}
