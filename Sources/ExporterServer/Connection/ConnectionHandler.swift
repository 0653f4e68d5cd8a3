import NIOCore
import NIOHTTP1

/// Performs on a socket what `ConnectionState` decides, and keeps its deadlines.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let environment: ConnectionEnvironment
    private let gate: RequestGate
    /// `nil` where the server is full, so that all this connection gets is a refusal.
    private let id: ConnectionRegistry.ID?
    private var state: ConnectionState
    private var deadline: Scheduled<Void>?
    /// Of the request as far as it has arrived, or of the answer.
    private var bodyBytes = 0
    /// Whether the end of the answer that is being written is on its way.
    private var hasEndedAnswer = false
    /// Finished when no further piece of the answer is wanted.
    private var wanted: AsyncStream<Never>.Continuation?

    private init(environment: ConnectionEnvironment, gate: RequestGate, id: ConnectionRegistry.ID?) {
        self.environment = environment
        self.gate = gate
        self.id = id
        state = ConnectionState(limits: environment.limits)
    }

    /// Prepares a connection that was just accepted; call it on the event loop of `channel`.
    static func configure(_ channel: any Channel, for environment: ConnectionEnvironment) throws {
        let id: ConnectionRegistry.ID?
        switch environment.registry.admit(channel) {
        case .admitted(let admitted): id = admitted
        case .full: id = nil
        case .draining:
            channel.close(promise: nil)
            return
        }
        let tls = environment.security.tls
        if id == nil, tls != nil {
            // A refusal would cost a handshake first.
            channel.close(promise: nil)
            return
        }
        let limits = environment.limits
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.maximumHeadBytes
        decoding.maxHeaderListSize = limits.maximumHeadBytes
        let gate = RequestGate(limits: limits)
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(tls.makeHandler()) }
        try pipeline.addHandler(gate)
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoding)))
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ConnectionHandler(environment: environment, gate: gate, id: id))
    }

    // MARK: Events

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        entered(.waiting, context)
        if id == nil {
            step(context) { $0.refuse(Rejection(503, "the server has as many connections as it may have")) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            let limits = environment.limits
            let result = Result { () throws(Rejection) in try RequestHead(head, limits: limits) }
            step(context) { $0.received(result) }
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            step(context) { $0.received(body: bytes.readableBytesView) }
            countHeld()
        case .end: step(context) { $0.ended() }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? RequestGate.Event {
            switch event {
            case .requestStarted: step(context) { $0.requestStarted() }
            case .heldBack: countHeld()
            }
        } else if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            step(context) { $0.inputClosed() }
        } else if event is ChannelShouldQuiesceEvent {
            step(context) { $0.drain() }
            wanted?.finish()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let rejection as Rejection: step(context) { $0.refuse(rejection) }
        case HTTPParserError.invalidEOFState: step(context) { $0.inputClosed() }
        case let error as HTTPParserError: step(context) { $0.refuse(Rejection(error)) }
        default: step(context) { $0.close() }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        step(context) { $0.close() }
        wanted?.finish()
        context.fireChannelInactive()
    }

    // MARK: Actions

    private func step(_ context: ChannelHandlerContext, _ change: (inout ConnectionState) -> ConnectionState.Action) {
        let phase = state.phase
        let action = change(&state)
        if state.phase != phase { entered(state.phase, context) }
        switch action {
        case .none: break
        case .sendContinue:
            context.writeAndFlush(
                Self.wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))),
                promise: nil
            )
        case .answer(let head, let body): route(head, body: body, context)
        case .refuse(let rejection):
            write(.text(rejection.status, rejection.reason), handler: Route.noHandler, context)
        case .linger where id != nil: context.close(mode: .output, promise: nil)
        case .yieldPlace: waits()
        case .linger, .close: context.close(promise: nil)
        }
    }

    private func entered(_ phase: ConnectionState.Phase, _ context: ChannelHandlerContext) {
        let limits = environment.limits
        switch phase {
        case .waiting:
            expire(after: state.isFirstRequest ? limits.headerTimeout : limits.idleTimeout, context)
            waits()
            holds(body: 0)
            gate.demand(.head)
        case .readingHead:
            // The first head of a connection has its time from when the connection was accepted.
            if !state.isFirstRequest { expire(after: limits.headerTimeout, context) }
        case .readingBody:
            expire(after: limits.bodyTimeout, context)
            waits()
            switch state.head?.framing {
            case .chunked: gate.demand(.chunks)
            case .length(let length) where length > 0: gate.demand(.body(length))
            case .length, nil: gate.demand(.nothing)
            }
        case .answering:
            // Nothing is read meanwhile, so a peer that goes away is not noticed.
            expire(after: limits.answerTimeout, context)
            if let id { environment.registry.works(id) }
            gate.demand(.nothing)
        case .writing:
            waits()
            gate.demand(.nothing)
        case .lingering:
            expire(after: limits.lingerTimeout, context)
            waits()
            holds(body: 0)
            gate.demand(.discard)
        case .closed:
            expire(after: nil, context)
            gate.demand(.discard)
        }
    }

    private func waits() {
        if let id { environment.registry.waits(id) }
    }

    private func holds(body bytes: Int) {
        bodyBytes = bytes
        countHeld()
    }

    private func countHeld() {
        if let id { environment.registry.holds(bodyBytes + gate.pendingBytes, id) }
    }

    private func expire(after time: TimeAmount?, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = time.map { time in
            context.eventLoop.assumeIsolated().scheduleTask(in: time) {
                self.step(context) { $0.expired() }
            }
        }
    }

    private func route(_ head: RequestHead, body: [UInt8], _ context: ChannelHandlerContext) {
        let request = ServerRequest(
            method: head.method,
            path: head.path,
            query: head.query,
            headers: head.headers,
            body: body,
            remoteAddress: context.remoteAddress?.ipAddress ?? "",
            // Nobody has looked yet whether there is a proxy in between.
            isLoopback: false
        )
        let match = environment.router.match(method: head.method, path: head.path)
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        let exchange = Exchange(
            request: request,
            match: match,
            reply: { response in
                loop.execute {
                    let (handler, context) = bound.value
                    handler.answer(response, handler: match.handler, context)
                }
            },
            outlet: Exchange.Outlet(
                write: { piece in
                    loop.flatSubmit {
                        let (handler, context) = bound.value
                        return handler.write(piece: piece, context)
                    }
                },
                end: {
                    loop.execute {
                        let (handler, context) = bound.value
                        handler.endAnswer(context)
                    }
                },
                wanted: {
                    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
                    loop.execute {
                        let (handler, context) = bound.value
                        handler.wanted = continuation
                        if !context.channel.isActive || handler.environment.registry.isDraining {
                            continuation.finish()
                        }
                    }
                    return stream
                }
            )
        )
        environment.dispatch(exchange)
    }

    private func answer(_ response: ServerResponse, handler: String, _ context: ChannelHandlerContext) {
        var isAwaited = false
        step(context) { state in
            isAwaited = state.answered()
            return .none
        }
        if isAwaited { write(response, handler: handler, context) }
    }

    private func write(_ response: ServerResponse, handler: String, _ context: ChannelHandlerContext) {
        hasEndedAnswer = false
        let response = response.isWellFormed ? response : .text(500, "the answer had a malformed header")
        environment.onResponse(handler, response.status)
        holds(body: response.body.count + min(response.sharedBody.count, BodyPieces.pieceBytes))
        let goesOn = response.pieces != nil
        if goesOn { state.endsAfterAnswer() }
        context.write(Self.wrapOutboundOut(.head(head(of: response))), promise: nil)
        let hasBody = state.head?.method != "HEAD" && response.status != 204 && response.status != 304
        if goesOn, hasBody {
            context.flush()
            return
        }
        if hasBody { writeBody(BodyPieces(response), context) } else { endAnswer(context) }
    }

    /// Writes a piece of an answer that goes on; while none is on its way, there is no deadline.
    private func write(piece: [UInt8], _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        guard state.phase == .writing, state.head?.method != "HEAD", context.channel.isActive else {
            return context.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolated().whenSuccess {
            if self.state.phase == .writing { self.expire(after: nil, context) }
        }
        expire(after: environment.limits.writeTimeout, context)
        context.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: piece)))), promise: left)
        return left.futureResult
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        guard state.phase == .writing, !hasEndedAnswer else { return }
        hasEndedAnswer = true
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess {
            self.step(context) { $0.written(hasUnread: self.gate.hasPending) }
        }
        expire(after: environment.limits.writeTimeout, context)
        // Where the answer has chunks its end would be one, which no answer to HEAD may have; its connection ends anyway.
        let end = HTTPServerResponsePart.end(nil)
        let nothing = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer()))
        context.writeAndFlush(Self.wrapOutboundOut(state.head?.method == "HEAD" ? nothing : end), promise: written)
    }

    private func head(of response: ServerResponse) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        headers.add(name: "Date", value: environment.dates.now())
        headers.add(name: "Content-Type", value: response.contentType)
        // Without a length HTTP/1.1 has chunks, and HTTP/1.0 the end of the connection.
        if response.pieces == nil { headers.add(name: "Content-Length", value: String(response.bodyBytes)) }
        headers.add(name: "X-Content-Type-Options", value: "nosniff")
        for (name, value) in response.headers { headers.add(name: name, value: value) }
        for (name, value) in environment.security.headers { headers.replaceOrAdd(name: name, value: value) }
        if !state.keepsAlive {
            headers.add(name: "Connection", value: "close")
        } else if state.head?.isHTTP10 == true {
            headers.add(name: "Connection", value: "keep-alive")
        }
        let version: HTTPVersion = response.pieces != nil && state.head?.isHTTP10 == true ? .http1_0 : .http1_1
        return HTTPResponseHead(version: version, status: .init(statusCode: response.status), headers: headers)
    }

    /// Writes the next piece of a body when the one before it has left, which proves that the peer reads; then ends the answer.
    private func writeBody(_ pieces: BodyPieces, _ context: ChannelHandlerContext) {
        var rest = pieces
        guard let piece = rest.next() else { return endAnswer(context) }
        let body = Self.wrapOutboundOut(.body(.byteBuffer(piece)))
        if rest.isEmpty {
            context.write(body, promise: nil)
            return endAnswer(context)
        }
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolated().whenSuccess { [rest] in
            if self.state.phase == .writing { self.writeBody(rest, context) }
        }
        expire(after: environment.limits.writeTimeout, context)
        context.writeAndFlush(body, promise: left)
    }
}
