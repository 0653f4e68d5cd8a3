import NIOCore
import NIOHTTP1

/// Gives the decoder of HTTP no more bytes than the connection can take, and meters heads before they are decoded.
///
/// The decoder turns all that it is given into messages at once, so a flood of pipelined requests would become a queue
/// many times its size, and it does not count the blanks between fields. So heads are handed over line by line: a line
/// completes one head at most. A body of known length is handed over exactly. While a request is being answered nothing
/// is, and nothing is read from the socket either.
final class RequestGate: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// What the connection takes next.
    enum Demand: Equatable {
        /// The head of a request.
        case head
        /// That many bytes of a body.
        case body(Int)
        /// The chunks of a body, and then nothing more.
        case chunks
        /// Nothing for now.
        case nothing
        /// Bytes to throw away.
        case discard
    }

    enum Event {
        /// The first byte of a request has arrived.
        case requestStarted
        /// Bytes have arrived that the connection cannot take yet.
        case heldBack
    }

    private let limits: ServerLimits
    private var context: ChannelHandlerContext?
    private var pending = ByteBuffer()
    private var demand = Demand.head
    /// Bytes of the head, or of the chunks and their framing, handed over so far.
    private var count = 0
    private var isInFirstLine = true
    private var isAfterReturn = false
    private var isPumping = false
    private var isReadHeldBack = false
    private var isEndHeldBack = false

    init(limits: ServerLimits) {
        self.limits = limits
    }

    /// Whether bytes have arrived that nobody has taken.
    var hasPending: Bool { pendingBytes > 0 }

    /// How many they are.
    var pendingBytes: Int { pending.readableBytes }

    /// Sets what the connection takes next, and hands over what is there of it.
    func demand(_ demand: Demand) {
        self.demand = demand
        count = 0
        isInFirstLine = true
        guard let context else { return }
        pump(context)
        if isReadHeldBack, self.demand != .nothing {
            isReadHeldBack = false
            context.read()
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func read(context: ChannelHandlerContext) {
        if demand == .nothing { isReadHeldBack = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        pending.writeBuffer(&bytes)
        pump(context)
        // A peer that ends its side makes NIO read all that the system holds, also when nobody asked for it.
        if pendingBytes > limits.maximumHeadBytes + limits.maximumBodyBytes { context.close(promise: nil) }
        if hasPending { context.fireUserInboundEventTriggered(Event.heldBack) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, hasPending {
            isEndHeldBack = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        demand = .discard
        pending = ByteBuffer()
        context.fireChannelInactive()
    }

    /// Hands over until there is nothing left or nothing is wanted; what is handed over may change the demand.
    private func pump(_ context: ChannelHandlerContext) {
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        while hasPending, demand != .nothing {
            switch demand {
            case .head: pumpHead(context)
            case .body(let missing):
                let length = min(missing, pending.readableBytes)
                demand = missing == length ? .nothing : .body(missing - length)
                fire(length, context)
            case .chunks:
                // Chunks of a byte each would make the framing many times the body.
                count += pending.readableBytes
                if count > limits.maximumBodyBytes + limits.maximumHeadBytes {
                    context.fireErrorCaught(Rejection.bodyTooLarge)
                } else {
                    fire(pending.readableBytes, context)
                }
            case .nothing: return
            case .discard: pending.clear()
            }
        }
        if !hasPending {
            pending = ByteBuffer()
            if isEndHeldBack {
                isEndHeldBack = false
                context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            }
        }
    }

    private func pumpHead(_ context: ChannelHandlerContext) {
        if count == 0 {
            // Empty lines before a request belong to nothing (RFC 9112, section 2.2).
            let blank = pending.readableBytesView.prefix { $0 == 0x0D || $0 == 0x0A }.count
            pending.moveReaderIndex(forwardBy: blank)
            guard hasPending else { return }
            context.fireUserInboundEventTriggered(Event.requestStarted)
        }
        let view = pending.readableBytesView
        let line = view.firstIndex(of: 0x0A).map { view[...$0] } ?? view
        do throws(Rejection) {
            try check(line)
            fire(line.count, context)
        } catch {
            context.fireErrorCaught(error)
        }
    }

    /// Checks a line of a head, or the part of one that has arrived, for what the decoder cannot tell or does not count.
    private func check(_ line: ByteBufferView) throws(Rejection) {
        guard let first = line.first, let last = line.last else { return }
        if count == 0, !(0x41...0x5A).contains(first & 0xDF) {
            throw Rejection(400, "the request does not begin with a method")
        }
        count += line.count
        // A request line has a method and a version beside the target.
        if isInFirstLine, count > limits.maximumURIBytes + 64 { throw .targetTooLong }
        if count > limits.maximumHeadBytes { throw .headTooLarge }
        if last == 0x0A {
            let isReturned = line.count > 1 ? line[line.endIndex - 2] == 0x0D : isAfterReturn
            guard isReturned else { throw Rejection(400, "a line of the head ends without a carriage return") }
            isInFirstLine = false
        }
        isAfterReturn = last == 0x0D
    }

    private func fire(_ length: Int, _ context: ChannelHandlerContext) {
        guard let bytes = pending.readSlice(length: length) else { return }
        context.fireChannelRead(Self.wrapInboundOut(bytes))
    }
}
