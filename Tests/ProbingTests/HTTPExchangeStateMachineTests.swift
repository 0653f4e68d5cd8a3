import BenchmarkModel
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("HTTP exchange state machine")
struct HTTPExchangeStateMachineTests {
    private static func fresh(isSecure: Bool = false, isCold: Bool = false) -> HTTPConnectionOrigin {
        .fresh(
            HTTPConnectionOrigin.FreshConnection(
                peer: "10.0.0.1:80",
                isSecure: isSecure,
                isCold: isCold,
                startedAt: .ns(100),
                dns: .nanoseconds(10),
                connectingAt: .ns(110)
            )
        )
    }

    /// A machine whose request has been written.
    private func answering(over origin: HTTPConnectionOrigin = .pooled) -> HTTPExchangeStateMachine {
        var machine = HTTPExchangeStateMachine(over: origin)
        switch origin {
        case .pooled: _ = machine.begin(at: .ns(200))
        case .fresh: _ = machine.connected(at: .ns(200))
        }
        machine.requestWritten(at: .ns(210))
        return machine
    }

    @Test("a pooled exchange counts from the request, and has no phase of connecting")
    func pooled() throws {
        var machine = HTTPExchangeStateMachine(over: .pooled)
        guard case .writeRequest = machine.begin(at: .ns(200)) else { throw Unexpected() }
        machine.requestWritten(at: .ns(210))
        machine.bytesArrived(at: .ns(250))
        machine.bytesArrived(at: .ns(260))
        #expect(machine.received(.ok(), at: .ns(260)).isNone)
        #expect(machine.received([1, 2], at: .ns(270)).isNone)
        #expect(machine.received([3], at: .ns(270)).isNone)
        #expect(machine.received([4], at: .ns(280)).isNone)
        let (answer, keepsConnection) = try machine.receivedEnd(at: .ns(290)).answer()
        #expect(keepsConnection)
        #expect(answer.body.bytes == [1, 2, 3, 4])
        #expect(
            answer.body.arrivals == [.init(endOffset: 3, instant: .ns(270)), .init(endOffset: 4, instant: .ns(280))]
        )
        #expect(answer.timing.duration == .nanoseconds(90))
        #expect(
            answer.timing.phases == [.request: .nanoseconds(10), .wait: .nanoseconds(40), .transfer: .nanoseconds(40)]
        )
        #expect(machine.deadlinePassed(at: .ns(300)).isNone)
        #expect(machine.failed(.ended(nil), at: .ns(300)).isNone)
    }

    @Test("the phases of a cold exchange add up to its duration, and its connection is not kept")
    func cold() throws {
        var machine = HTTPExchangeStateMachine(over: Self.fresh(isSecure: true, isCold: true))
        #expect(machine.connected(at: .ns(130)).isNone)
        guard case .writeRequest = machine.secured(at: .ns(160)) else { throw Unexpected() }
        machine.requestWritten(at: .ns(170))
        machine.bytesArrived(at: .ns(200))
        _ = machine.received(.ok(), at: .ns(200))
        let (answer, keepsConnection) = try machine.receivedEnd(at: .ns(250)).answer()
        #expect(!keepsConnection)
        #expect(answer.timing.duration == .nanoseconds(150))
        #expect(
            answer.timing.phases == [
                .dns: .nanoseconds(10), .connect: .nanoseconds(20), .tls: .nanoseconds(30), .request: .nanoseconds(10),
                .wait: .nanoseconds(30), .transfer: .nanoseconds(50),
            ]
        )
    }

    @Test("the duration of a warm exchange over a fresh connection leaves connecting out")
    func freshAndWarm() throws {
        var machine = answering(over: Self.fresh())
        machine.bytesArrived(at: .ns(250))
        _ = machine.received(.ok(), at: .ns(250))
        let (answer, keepsConnection) = try machine.receivedEnd(at: .ns(250)).answer()
        #expect(keepsConnection)
        #expect(answer.timing.duration == .nanoseconds(50))
        #expect(answer.timing.phases[.connect] == .nanoseconds(90))
    }

    @Test("an answer that overtakes its request ends the phase of the request, and the connection is not kept")
    func earlyAnswer() throws {
        var machine = HTTPExchangeStateMachine(over: .pooled)
        _ = machine.begin(at: .ns(200))
        machine.bytesArrived(at: .ns(220))
        _ = machine.received(.ok(), at: .ns(220))
        let (answer, keepsConnection) = try machine.receivedEnd(at: .ns(230)).answer()
        #expect(!keepsConnection)
        #expect(answer.timing.phases == [.request: .nanoseconds(20), .wait: .zero, .transfer: .nanoseconds(10)])
    }

    @Test("an answer that says so closes its connection", arguments: ["close", "Close"])
    func connectionClose(_ value: String) throws {
        var machine = answering()
        machine.bytesArrived(at: .ns(220))
        _ = machine.received(.ok(["Connection": value]), at: .ns(220))
        #expect(try !machine.receivedEnd(at: .ns(230)).answer().keepsConnection)
    }

    @Test(
        "a fault while connecting or securing has its reason, and counts from the first attempt",
        arguments: [
            (HTTPConnectionFault.ended("Connection refused"), false, FailureReason.connect),
            (.timedOut, false, .timeout),
            (.ended("Connection reset by peer"), true, .connect),
            (.ended(nil), true, .tls),
            (.insecure("CERTIFICATE_VERIFY_FAILED"), true, .tls),
        ]
    )
    func connecting(_ fault: HTTPConnectionFault, _ isEstablished: Bool, _ reason: FailureReason) throws {
        var machine = HTTPExchangeStateMachine(over: Self.fresh(isSecure: true))
        if isEstablished { _ = machine.connected(at: .ns(130)) }
        let failure = try machine.failed(fault, at: .ns(150)).failure()
        #expect(failure.reason == reason)
        #expect(failure.lacksConnection == !isEstablished)
        #expect(failure.duration == .nanoseconds(50))
        #expect(failure.partial == nil)
    }

    @Test(
        "a connection that ends when the request has gone out has cut the answer off, and no other one is tried",
        arguments: [(HTTPConnectionOrigin.pooled, nil), (fresh(), "Connection reset by peer")]
    )
    func cutOff(_ origin: HTTPConnectionOrigin, _ how: String?) throws {
        var machine = answering(over: origin)
        let failure = try machine.failed(.ended(how), at: .ns(700)).failure()
        #expect(failure.reason == .truncated)
        #expect(failure.description == "no answer: \(how ?? "the connection was closed")")
        #expect(failure.duration == .nanoseconds(500))
        #expect(!failure.lacksConnection)
    }

    @Test("a pooled connection that has ended before the request is none")
    func gone() throws {
        var machine = HTTPExchangeStateMachine(over: .pooled)
        let failure = try machine.failed(.ended(nil), at: .ns(220)).failure()
        #expect(failure.lacksConnection)
        #expect(failure.duration == .zero)
        #expect(machine.begin(at: .ns(230)).isNone)
    }

    @Test("a body of exactly the cap is read, one byte more is too large, and what had come is there")
    func bodyCap() throws {
        let cap = HTTPExchangeStateMachine.maximumBodySize
        var machine = answering()
        machine.bytesArrived(at: .ns(220))
        _ = machine.received(.ok(), at: .ns(220))
        #expect(machine.received([UInt8](repeating: 0, count: cap), at: .ns(230)).isNone)
        let failure = try machine.received([0], at: .ns(240)).failure()
        let size = failure.partial?.body.bytes.count
        #expect(failure.reason == .tooLarge)
        #expect(size == cap)
        #expect(failure.duration == .nanoseconds(40))
    }

    @Test("a body in too many pieces is too large, so that a dripping one costs no unbounded memory")
    func arrivalCap() throws {
        var machine = answering()
        machine.bytesArrived(at: .ns(220))
        _ = machine.received(.ok(), at: .ns(220))
        var drops: UInt64 = 0
        var action = HTTPExchangeStateMachine.Action.none
        while action.isNone, drops < 1 << 20 {
            drops += 1
            action = machine.received([0], at: .ns(220 + drops))
        }
        #expect(drops == UInt64(HTTPExchangeStateMachine.maximumArrivals) + 1)
        let reason = try action.failure().reason
        #expect(reason == .tooLarge)
    }
}

private struct Unexpected: Error {}

extension HTTPExchangeStateMachine.Action {
    fileprivate var isNone: Bool {
        if case .none = self { true } else { false }
    }

    fileprivate func answer() throws -> (HTTPAnswer, keepsConnection: Bool) {
        guard case .succeed(let answer, let keepsConnection) = self else { throw Unexpected() }
        return (answer, keepsConnection)
    }

    fileprivate func failure() throws -> HTTPExchangeFailure {
        guard case .fail(let failure) = self else { throw Unexpected() }
        return failure
    }
}

extension NIODeadline {
    fileprivate static func ns(_ nanoseconds: UInt64) -> Self { .uptimeNanoseconds(nanoseconds) }
}

extension HTTPResponseHead {
    fileprivate static func ok(_ headers: HTTPHeaders = [:]) -> Self {
        HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
    }
}
