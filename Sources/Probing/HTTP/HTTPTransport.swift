import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
import NIOHTTP1

/// The connections to one target, and timed exchanges over them, HTTP/1.1 in clear or within TLS.
///
/// All clock reads stand on the event loop. An exchange ends at its deadline whatever the target does, and holds no more
/// than 8 MiB of an answer. Bodies come as they were sent: no content coding is asked for and none is undone.
package final class HTTPTransport: Sendable {
    private let target: HTTPTarget
    private let group: any EventLoopGroup
    private let resolver: NameResolver
    /// `nil` in clear; a failure where the authorities could not be read.
    private let security: Result<HTTPTransportSecurity?, any Error>
    private let pool: HTTPConnectionPool

    /// Connections to `target`; `security` takes the place of the TLS that the target has.
    ///
    /// One that has been idle for `idleLimit` is closed.
    package init(
        target: HTTPTarget,
        group: any EventLoopGroup,
        resolver: NameResolver,
        security: HTTPTransportSecurity? = nil,
        idleLimit: TimeAmount = ConnectionReuse.idleLimit
    ) {
        self.target = target
        self.group = group
        self.resolver = resolver
        pool = HTTPConnectionPool(idleLimit: idleLimit)
        self.security = Result {
            guard target.baseURL.isSecure else { return nil }
            return try security ?? HTTPTransportSecurity(target.tls, host: target.baseURL.host)
        }
    }

    /// Sends `request` and receives the answer; throws at once when the task is cancelled, and only then.
    ///
    /// A warm exchange takes a connection that has not been idle for long, or makes one before its duration begins. The
    /// request goes out once, whatever becomes of it: see ``ConnectionReuse``.
    package func exchange(
        _ request: HTTPRequest,
        connection: ConnectionPolicy,
        deadline: NIODeadline
    ) async throws(CancellationError) -> Result<HTTPAnswer, HTTPFailure> {
        guard let head = HTTPRequestHead(request, to: target, connection: connection) else {
            let failure = HTTPExchangeFailure(
                reason: .other,
                description: "the request has a character that cannot be sent",
                duration: .zero
            )
            return .failure(HTTPFailure(failure, of: request, to: target))
        }
        let outgoing = OutgoingRequest(
            head: head,
            body: request.body,
            maximumAnswerSize: request.maximumAnswerSize,
            connection: connection,
            deadline: deadline
        )
        do throws(HTTPExchangeFailure) {
            while connection == .warm, let pooled = pool.take() {
                do throws(HTTPExchangeFailure) {
                    return .success(try await perform(outgoing, over: pooled))
                } catch {
                    guard error.lacksConnection, !Task.isCancelled else { throw error }
                }
            }
            return .success(try await performOverFreshConnection(outgoing))
        } catch {
            if Task.isCancelled { throw CancellationError() }
            return .failure(HTTPFailure(error, of: request, to: target))
        }
    }

    /// Closes the connections that wait to be used again.
    package func dropConnections() {
        pool.drop()
    }

    /// Closes the idle connections and keeps none any more; exchanges in flight go on.
    package func close() async {
        pool.close()
    }

    private func perform(
        _ request: OutgoingRequest,
        over connection: HTTPConnection
    ) async throws(HTTPExchangeFailure) -> HTTPAnswer {
        let cancellation = HTTPExchangeCancellation()
        let exchange = request.exchange(over: .pooled, on: connection.channel.eventLoop)
        connection.begin(exchange)
        cancellation.adopt(connection)
        return try await answer(of: exchange, cancellation: cancellation)
    }

    private func performOverFreshConnection(
        _ request: OutgoingRequest
    ) async throws(HTTPExchangeFailure) -> HTTPAnswer {
        let startedAt = NIODeadline.now()
        let security = try security(startedAt: startedAt)
        let (addresses, dns) = try await resolve(startedAt: startedAt, deadline: request.deadline)
        let connectingAt = NIODeadline.now()
        var failure: HTTPExchangeFailure?
        for (index, address) in addresses.enumerated() {
            let origin = HTTPConnectionOrigin.FreshConnection(
                peer: address.endpoint,
                isSecure: security != nil,
                isCold: request.connection == .cold,
                startedAt: startedAt,
                dns: dns,
                connectingAt: connectingAt
            )
            let exchange = request.exchange(over: .fresh(origin), on: group.next())
            let cancellation = HTTPExchangeCancellation()
            let rest = (request.deadline - .now()).nanoseconds
            HTTPConnection.connect(
                to: address,
                within: .nanoseconds(max(0, rest) / Int64(addresses.count - index)),
                tls: security,
                pool: pool,
                exchange: exchange,
                cancellation: cancellation
            )
            do throws(HTTPExchangeFailure) {
                return try await answer(of: exchange, cancellation: cancellation)
            } catch {
                guard error.lacksConnection, !Task.isCancelled else { throw error }
                failure = error
            }
        }
        throw failure ?? HTTPExchangeFailure(reason: .dns, description: "no address", duration: .zero)
    }

    private func security(startedAt: NIODeadline) throws(HTTPExchangeFailure) -> HTTPTransportSecurity? {
        do {
            return try security.get()
        } catch {
            throw HTTPExchangeFailure(
                reason: .tls,
                description: "TLS cannot be set up with \(error)",
                duration: NIODeadline.now().duration(since: startedAt)
            )
        }
    }

    /// The addresses to try, and how long resolving took; `nil` for an address and for a socket.
    private func resolve(
        startedAt: NIODeadline,
        deadline: NIODeadline
    ) async throws(HTTPExchangeFailure) -> ([SocketAddress], Duration?) {
        if let path = target.socketPath {
            do {
                return ([try SocketAddress(unixDomainSocketPath: path)], nil)
            } catch {
                throw HTTPExchangeFailure(reason: .connect, description: "no socket \(path): \(error)", duration: .zero)
            }
        }
        let (host, port) = (target.baseURL.host, target.baseURL.port)
        if let address = NameResolver.address(ofLiteral: host, port: port) { return ([address], nil) }
        do throws(NameResolutionError) {
            let addresses = try await resolver.resolve(host: host, port: port, deadline: deadline)
            return (addresses, NIODeadline.now().duration(since: startedAt))
        } catch {
            throw HTTPExchangeFailure(
                reason: error.code == .timedOut ? .timeout : .dns,
                description: error.description,
                duration: NIODeadline.now().duration(since: startedAt)
            )
        }
    }

    private func answer(
        of exchange: HTTPExchange,
        cancellation: HTTPExchangeCancellation
    ) async throws(HTTPExchangeFailure) -> HTTPAnswer {
        let result = await withTaskCancellationHandler {
            await exchange.promise.futureResult.result()
        } onCancel: {
            cancellation.cancel()
        }
        do {
            return try result.get()
        } catch let error as HTTPExchangeFailure {
            throw error
        } catch {
            throw HTTPExchangeFailure(reason: .other, description: "\(error)", duration: .zero)
        }
    }
}

/// A request ready to go over any connection.
private struct OutgoingRequest {
    var head: HTTPRequestHead
    var body: [UInt8]?
    var maximumAnswerSize: Int
    var connection: ConnectionPolicy
    var deadline: NIODeadline

    func exchange(over origin: HTTPConnectionOrigin, on eventLoop: any EventLoop) -> HTTPExchange {
        HTTPExchange(
            head: head,
            body: body,
            machine: HTTPExchangeStateMachine(over: origin, maximumBodySize: maximumAnswerSize),
            deadline: deadline,
            promise: eventLoop.makePromise()
        )
    }
}

extension EventLoopFuture where Value: Sendable {
    fileprivate func result() async -> Result<Value, any Error> {
        do { return .success(try await get()) } catch { return .failure(error) }
    }
}

extension SocketAddress {
    /// Address and port, the address in brackets where it is IPv6; the path of a Unix-domain socket.
    var endpoint: String {
        if let pathname { return pathname }
        guard let ipAddress, let port else { return description }
        return HostPort.text(ipAddress, port)
    }
}
