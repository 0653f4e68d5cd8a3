import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1

/// One connection: collects a request, has it answered, and writes the parts of the answer when their time has come.
///
/// The delays are timers of the event loop. The pipeline handler before this one holds back a pipelined request until
/// the answer to the last one is complete.
final class DemoConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// One MiB; a request with more is read to its end and refused.
    private static let bodyLimit = 1 << 20

    private let orchestrator: NIOLockedValueBox<Orchestrator>
    private let start: ContinuousClock.Instant
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var bodyIsTooLarge = false
    private var nextPart: Scheduled<Void>?

    /// `start` is when the service began.
    init(orchestrator: NIOLockedValueBox<Orchestrator>, start: ContinuousClock.Instant) {
        self.orchestrator = orchestrator
        self.start = start
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            orchestrator.withLockedValue { $0.count(path: head.path) }
            self.head = head
        case .body(let buffer):
            bodyIsTooLarge = bodyIsTooLarge || body.count + buffer.readableBytes > Self.bodyLimit
            if bodyIsTooLarge { body = [] } else { body += buffer.readableBytesView }
        case .end:
            guard let head else { return }
            if let answer = answer(to: head) { play(answer, to: head, context: context) }
            self.head = nil
            body = []
            bodyIsTooLarge = false
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        nextPart?.cancel()
        context.fireChannelInactive()
    }

    /// A malformed request was answered with 400 by the handlers before this one.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(to head: HTTPRequestHead) -> DemoAnswer? {
        guard !bodyIsTooLarge else {
            return .problem(.payloadTooLarge, "the body has more than \(Self.bodyLimit) bytes")
        }
        var request = DemoRequest(method: head.method, path: head.path, query: head.query, body: body)
        return orchestrator.withLockedValue { orchestrator in
            // Within the lock, so that time does not run backwards for the orchestrator.
            request.arrival = start.duration(to: .now)
            return orchestrator.answer(to: request)
        }
    }

    private func play(_ answer: DemoAnswer, to request: HTTPRequestHead, context: ChannelHandlerContext) {
        let isFramed = answer.headers.contains(name: "Content-Length") || request.version == .http1_1
        let isKeptAlive = request.isKeepAlive && isFramed
        var head = HTTPResponseHead(version: request.version, status: answer.status, headers: answer.headers)
        if !isKeptAlive { head.headers.add(name: "Connection", value: "close") }
        var parts = answer.parts.map { part in
            (delay: part.delay, pieces: [HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: part.bytes)))])
        }
        if request.method == .HEAD { parts = [(parts[0].delay, [])] }
        parts[0].pieces.insert(.head(head), at: 0)
        parts[parts.count - 1].pieces.append(.end(nil))
        write(parts[...], thenClose: !isKeptAlive, context: context)
    }

    private func write(
        _ parts: ArraySlice<(delay: Duration, pieces: [HTTPServerResponsePart])>,
        thenClose closes: Bool,
        context: ChannelHandlerContext
    ) {
        guard let part = parts.first, let last = part.pieces.last else { return }
        nextPart = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(part.delay)) {
            for piece in part.pieces.dropLast() { context.write(self.wrapOutboundOut(piece), promise: nil) }
            let written = context.writeAndFlush(self.wrapOutboundOut(last))
            if parts.count > 1 {
                self.write(parts.dropFirst(), thenClose: closes, context: context)
            } else if closes {
                // Not at once: an answer may be larger than a socket's buffer.
                written.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            }
        }
    }
}

extension HTTPRequestHead {
    /// The target of the request without its query.
    fileprivate var path: String {
        uri.firstIndex(of: "?").map { String(uri[..<$0]) } ?? uri
    }

    fileprivate var query: String {
        uri.firstIndex(of: "?").map { String(uri[$0...].dropFirst()) } ?? ""
    }
}
