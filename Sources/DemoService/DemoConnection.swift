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
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var bodyIsTooLarge = false
    private var nextPart: Scheduled<Void>?

    init(orchestrator: NIOLockedValueBox<Orchestrator>) {
        self.orchestrator = orchestrator
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
        let request = DemoRequest(method: head.method, path: head.path, body: body)
        return orchestrator.withLockedValue { $0.answer(to: request) }
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
        guard let part = parts.first else {
            // No wait for the writes: an answer is far smaller than a socket's buffer.
            if closes { context.close(promise: nil) }
            return
        }
        nextPart = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(part.delay)) {
            for piece in part.pieces { context.write(self.wrapOutboundOut(piece), promise: nil) }
            context.flush()
            self.write(parts.dropFirst(), thenClose: closes, context: context)
        }
    }
}

extension HTTPRequestHead {
    /// The target of the request without its query.
    fileprivate var path: String {
        uri.firstIndex(of: "?").map { String(uri[..<$0]) } ?? uri
    }
}
