package import BenchmarkModel
package import ExporterConfiguration
package import NIOCore

/// Connects, in clear or within TLS, says something where it should, and waits for what is expected.
package struct TCPProbe: Probe {
    private let definition: TCPProbeDefinition
    private let target: TCPTarget
    private let check: TextExpectationCheck
    private let group: any EventLoopGroup
    private let resolver: NameResolver
    /// `nil` in clear; a failure where TLS cannot be set up.
    private let security: Result<HTTPTransportSecurity?, any Error>

    package init(
        _ definition: TCPProbeDefinition,
        target: TCPTarget,
        group: any EventLoopGroup,
        resolver: NameResolver
    ) {
        self.definition = definition
        self.target = target
        check = TextExpectationCheck(definition.expect)
        self.group = group
        self.resolver = resolver
        security = Result { try target.tls.map { try HTTPTransportSecurity($0, host: target.host) } }
    }

    package func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        let startedAt = NIODeadline.now()
        let tls: HTTPTransportSecurity?
        do {
            tls = try security.get()
        } catch {
            return failure(.tls, "TLS cannot be set up with \(error)", since: startedAt)
        }
        let addresses: [SocketAddress]
        do throws(NameResolutionError) {
            addresses = try await resolver.resolve(host: target.host, port: target.port, deadline: deadline)
        } catch {
            if Task.isCancelled { throw CancellationError() }
            return failure(error.code == .timedOut ? .timeout : .dns, error.description, since: startedAt)
        }
        let isAddress = NameResolver.address(ofLiteral: target.host, port: target.port) != nil
        let connectingAt = NIODeadline.now()
        var last = failure(.dns, "no address", since: startedAt)
        for (index, address) in addresses.enumerated() {
            let exchange = TCPExchange(
                TCPExchange.Plan(
                    subject: subject,
                    peer: address.endpoint,
                    isSecure: tls != nil,
                    sends: definition.send != nil,
                    check: comparison(deadline: deadline),
                    startedAt: startedAt,
                    dns: isAddress ? nil : connectingAt.duration(since: startedAt),
                    connectingAt: connectingAt
                )
            )
            let rest = max(0, (deadline - .now()).nanoseconds)
            let time = TimeAmount.nanoseconds(rest / Int64(addresses.count - index))
            switch try await perform(exchange, with: address, within: time, tls: tls, deadline: deadline) {
            case .finish(let outcome): return outcome
            case .tryNextAddress(let outcome): last = outcome
            case .none: throw CancellationError()
            }
        }
        return last
    }

    /// What came of one address; `none` where the task was cancelled.
    private func perform(
        _ exchange: TCPExchange,
        with address: SocketAddress,
        within time: TimeAmount,
        tls: HTTPTransportSecurity?,
        deadline: NIODeadline
    ) async throws(CancellationError) -> TCPExchange.Action {
        var exchange = exchange
        let (stream, events) = AsyncStream.makeStream(of: TCPExchange.Event.self)
        let eventLoop = group.next()
        let timer = eventLoop.scheduleTask(deadline: deadline) { events.yield(.deadlinePassed(.now())) }
        let connection = TCPConnection()
        defer {
            timer.cancel()
            connection.close()
        }
        connection.connect(
            to: address,
            within: time,
            on: eventLoop,
            message: definition.send,
            tls: tls,
            events: events
        )
        for await event in stream {
            let action: TCPExchange.Action
            if check.mayTakeLong, case .received = event {
                (action, exchange) = await onSeparateThread { [exchange] in
                    var exchange = exchange
                    return (exchange.handle(event), exchange)
                }
            } else {
                action = exchange.handle(event)
            }
            if case .none = action { continue }
            if Task.isCancelled { throw CancellationError() }
            return action
        }
        return .none
    }

    /// What holds an answer against the expectation; `nil` where nothing is expected.
    private func comparison(deadline: NIODeadline) -> (@Sendable ([UInt8]) -> IterationFailure?)? {
        guard !definition.expect.isEmpty else { return nil }
        return { [check] in check.failure(of: $0, called: "the answer", deadline: deadline) }
    }

    private var subject: String {
        "tcp \(HostPort.text(target.host, target.port))"
    }

    private func failure(_ reason: FailureReason, _ detail: String, since startedAt: NIODeadline) -> IterationOutcome {
        let failedAt = NIODeadline.now()
        return IterationOutcome(
            duration: failedAt.duration(since: startedAt),
            failure: IterationFailure(reason, "\(subject): \(detail)"),
            endedAt: failedAt.uptime
        )
    }
}
