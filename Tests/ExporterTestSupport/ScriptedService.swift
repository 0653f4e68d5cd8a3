package import NIOCore
package import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A service on a loopback port that does what a test tells it to, byte for byte, right or wrong.
///
/// Requests are decoded, answers are raw bytes. Each connection follows a script: the first the first one, the second the
/// second, and all further ones the last.
package final class ScriptedService: Sendable {
    package enum Step: Sendable {
        /// Goes on when a whole request has arrived.
        case awaitRequest
        /// Goes on when bytes have arrived that are no request, such as a command of Redis.
        case awaitBytes
        case send(String)
        case sendBytes([UInt8])
        case pause(TimeAmount)
        /// Sends the same again and again for as long as anyone takes it.
        case sendForever(String)
        /// Ends the connection in order.
        case close
        /// Ends the connection with a TCP reset.
        case reset
        /// Begins the script anew; a script that just ends leaves the connection open and silent.
        case startOver
    }

    package struct Request: Sendable {
        package var head: HTTPRequestHead
        package var body: String
    }

    /// What the service has seen.
    package struct Record: Sendable {
        /// Accepted so far.
        package var connections = 0
        /// Ended so far, by either side.
        package var closedConnections = 0
        /// In order of arrival over all connections.
        package var requests: [Request] = []
    }

    package let port: Int
    private let channel: any Channel
    private let log: ScriptedServiceLog

    private init(channel: any Channel, port: Int, log: ScriptedServiceLog) {
        self.channel = channel
        self.port = port
        self.log = log
    }

    deinit {
        channel.close(promise: nil)
    }

    /// Starts a service, with TLS where there is a certificate and its key, both PEM files.
    ///
    /// With `clientAuthority`, a PEM file too, clients must show a certificate of that authority. With `socketPath` it
    /// listens there and on no port.
    package static func start(
        tls: (certificate: String, key: String)? = nil,
        clientAuthority: String? = nil,
        socketPath: String? = nil,
        _ scripts: [Step]...
    ) async throws -> ScriptedService {
        let context = try tls.map { files in
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
            )
            if let clientAuthority {
                configuration.certificateVerification = .noHostnameVerification
                configuration.trustRoots = .file(clientAuthority)
            }
            return try NIOSSLContext(configuration: configuration)
        }
        let log = ScriptedServiceLog()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = log.accepted()
                    let script = scripts.isEmpty ? [] : scripts[min(number, scripts.count) - 1]
                    let pipeline = channel.pipeline.syncOperations
                    if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(ScriptedConnectionHandler(script: script, log: log))
                }
            }
        let bound =
            socketPath.map { bootstrap.bind(unixDomainSocketPath: $0) } ?? bootstrap.bind(host: "127.0.0.1", port: 0)
        let channel = try await bound.get()
        return ScriptedService(channel: channel, port: channel.localAddress?.port ?? 0, log: log)
    }

    package var record: Record { log.record }

    /// Returns as soon as what has been seen satisfies `condition`.
    package func wait(until condition: @escaping @Sendable (Record) -> Bool) async {
        await log.wait(until: condition)
    }

    /// Stops listening; connections stay as they are.
    package func stopListening() async throws {
        try await channel.close()
    }
}

extension [ScriptedService.Step] {
    /// Answers every request with `body` and keeps the connection.
    package static func always(_ body: String, status: String = "200 OK", headers: [String] = []) -> Self {
        [.awaitRequest, .answer(body, status: status, headers: headers), .startOver]
    }
}

extension ScriptedService.Step {
    /// A whole answer; `headers` are lines such as `X-Cache: HIT`.
    package static func answer(_ body: String, status: String = "200 OK", headers: [String] = []) -> Self {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return .send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
}

/// The record of a service, and those who wait for it to be something.
private final class ScriptedServiceLog: Sendable {
    private struct Waiter {
        var condition: @Sendable (ScriptedService.Record) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var record = ScriptedService.Record()
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    var record: ScriptedService.Record { state.withLock(\.record) }

    func accepted() -> Int {
        update { $0.connections += 1 }.connections
    }

    @discardableResult
    func update(_ change: (inout ScriptedService.Record) -> Void) -> ScriptedService.Record {
        let (record, woken) = state.withLock { state in
            change(&state.record)
            let record = state.record
            let woken = state.waiters.filter { $0.condition(record) }
            state.waiters.removeAll { $0.condition(record) }
            return (record, woken)
        }
        for waiter in woken { waiter.continuation.resume() }
        return record
    }

    func wait(until condition: @escaping @Sendable (ScriptedService.Record) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isSatisfied = state.withLock { state in
                if condition(state.record) { return true }
                state.waiters.append(Waiter(condition: condition, continuation: continuation))
                return false
            }
            if isSatisfied { continuation.resume() }
        }
    }
}

/// Carries out the script of one connection.
private final class ScriptedConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let script: [ScriptedService.Step]
    private let log: ScriptedServiceLog
    private var position = 0
    private var partial: ScriptedService.Request?
    private var unansweredRequests = 0
    private var hasOtherBytes = false
    private var isPaused = false

    init(script: [ScriptedService.Step], log: ScriptedServiceLog) {
        self.script = script
        self.log = log
    }

    func channelActive(context: ChannelHandlerContext) {
        proceed(context: context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): partial = ScriptedService.Request(head: head, body: "")
        case .body(let bytes): partial?.body += String(buffer: bytes)
        case .end:
            guard let request = partial else { return }
            partial = nil
            unansweredRequests += 1
            log.update { $0.requests.append(request) }
            proceed(context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        position = script.count
        log.update { $0.closedConnections += 1 }
        context.fireChannelInactive()
    }

    /// Bytes that are no request.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hasOtherBytes = true
        proceed(context: context)
    }

    private func proceed(context: ChannelHandlerContext) {
        while !isPaused, position < script.count {
            let step = script[position]
            position += 1
            switch step {
            case .awaitRequest:
                guard unansweredRequests > 0 else {
                    position -= 1
                    return
                }
                unansweredRequests -= 1
            case .awaitBytes:
                guard hasOtherBytes else {
                    position -= 1
                    return
                }
            case .sendBytes(let bytes):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .send(let text):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .pause(let time):
                isPaused = true
                context.eventLoop.assumeIsolated().scheduleTask(in: time) {
                    self.isPaused = false
                    self.proceed(context: context)
                }
            case .sendForever(let text):
                sendForever(ByteBuffer(string: text), context: context)
                return
            case .close:
                context.close(promise: nil)
            case .reset:
                guard let socket = context.channel as? any SocketOptionProvider else { return }
                socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
                    context.close(promise: nil)
                }
            case .startOver:
                position = 0
            }
        }
    }

    private func sendForever(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess {
            // Not `execute`: a loop looks at its sockets only when it has no task left that is due.
            context.eventLoop.assumeIsolated().scheduleTask(in: .microseconds(100)) {
                self.sendForever(bytes, context: context)
            }
        }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
    }
}
