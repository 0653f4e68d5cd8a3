import BenchmarkModel
import NIOCore
import NIOHTTP1

/// One exchange from a connection to the last byte of the answer, without I/O: events and their instants go in, actions
/// come out.
///
/// Connecting belongs to it where the connection is a fresh one, so that nothing stands between an established
/// connection and the first byte of the request but the write itself.
///
///     connecting ─▶ securing (with TLS) ─▶ answering ─▶ finished
///
/// A pooled connection starts at `answering`. Every action but `none` and `writeRequest` is the last one.
struct HTTPExchangeStateMachine: Sendable {
    /// What the owner of the connection has to do.
    enum Action {
        case none
        case writeRequest
        /// Hand the answer over, and keep the connection or close it.
        case succeed(HTTPAnswer, keepsConnection: Bool)
        /// Hand the failure over and close the connection.
        case fail(HTTPExchangeFailure)
    }

    private enum Stage {
        case connecting, securing, answering, finished
    }

    /// The largest body that is read where nothing else is asked for, in bytes.
    static let maximumBodySize = 8 * 1024 * 1024
    /// The most reads that a body may take: each is remembered, so that a dripping one would cost 16 bytes a byte.
    static let maximumArrivals = 1 << 18

    private let origin: HTTPConnectionOrigin
    private let maximumBodySize: Int
    private var stage: Stage
    private var connectedAt: NIODeadline?
    private var tls: Duration?
    private var requestStartedAt: NIODeadline?
    private var requestWrittenAt: NIODeadline?
    private var firstByteAt: NIODeadline?
    private var head: HTTPResponseHead?
    private var body = TimedBody()

    init(over origin: HTTPConnectionOrigin, maximumBodySize: Int = Self.maximumBodySize) {
        self.origin = origin
        self.maximumBodySize = maximumBodySize
        stage =
            switch origin {
            case .pooled: .answering
            case .fresh: .connecting
            }
    }

    /// A pooled connection is at hand.
    mutating func begin(at instant: NIODeadline) -> Action {
        guard stage == .answering, requestStartedAt == nil else { return .none }
        requestStartedAt = instant
        return .writeRequest
    }

    /// TCP is established.
    mutating func connected(at instant: NIODeadline) -> Action {
        guard stage == .connecting, case .fresh(let fresh) = origin else { return .none }
        connectedAt = instant
        if fresh.isSecure {
            stage = .securing
            return .none
        }
        stage = .answering
        return begin(at: instant)
    }

    /// The TLS handshake is complete.
    mutating func secured(at instant: NIODeadline) -> Action {
        guard stage == .securing, let connectedAt else { return .none }
        tls = instant.duration(since: connectedAt)
        stage = .answering
        return begin(at: instant)
    }

    mutating func requestWritten(at instant: NIODeadline) {
        if stage == .answering { requestWrittenAt = instant }
    }

    /// Bytes of the answer have come out of TLS, before anyone has made sense of them.
    mutating func bytesArrived(at instant: NIODeadline) {
        if stage == .answering, firstByteAt == nil { firstByteAt = instant }
    }

    mutating func received(_ head: HTTPResponseHead, at instant: NIODeadline) -> Action {
        guard stage == .answering else { return .none }
        self.head = head
        if head.status == .switchingProtocols {
            return fail(.protocol, "the answer switches protocols, which was not asked for", at: instant)
        }
        return .none
    }

    mutating func received(_ piece: some Collection<UInt8>, at instant: NIODeadline) -> Action {
        guard stage == .answering else { return .none }
        guard piece.count <= maximumBodySize - body.bytes.count else {
            return fail(.tooLarge, "the body is larger than \(maximumBodySize) bytes", at: instant)
        }
        body.append(piece, at: instant)
        guard body.arrivals.count <= Self.maximumArrivals else {
            return fail(.tooLarge, "the body comes in more than \(Self.maximumArrivals) pieces", at: instant)
        }
        return .none
    }

    mutating func receivedEnd(at instant: NIODeadline) -> Action {
        guard stage == .answering else { return .none }
        guard let answer = answer(at: instant) else {
            return fail(.protocol, "the answer ended before its head", at: instant)
        }
        stage = .finished
        let mayBeKept = head?.isKeepAlive == true && requestWrittenAt != nil
        return .succeed(answer, keepsConnection: mayBeKept && !isCold)
    }

    /// The connection has a fault, its end included.
    mutating func failed(_ fault: HTTPConnectionFault, at instant: NIODeadline) -> Action {
        switch (stage, fault) {
        case (.finished, _):
            return .none
        case (.connecting, .timedOut):
            return fail(.timeout, "timed out while connecting to \(peer)", at: instant, lacksConnection: true)
        case (.connecting, _):
            return fail(.connect, "no connection to \(peer): \(fault)", at: instant, lacksConnection: true)
        case (.securing, .ended(let how?)):
            return fail(.connect, "the connection to \(peer) ended before it was ready: \(how)", at: instant)
        case (.securing, _):
            return fail(.tls, "no TLS connection to \(peer): \(fault)", at: instant)
        case (.answering, .ended) where requestStartedAt == nil:
            return fail(.connect, "the connection that was ready has been closed", at: instant, lacksConnection: true)
        case (.answering, .ended(let how)):
            return ended(how, at: instant)
        case (.answering, .malformed):
            return fail(.protocol, "the answer is not HTTP/1.1: \(fault)", at: instant)
        case (.answering, .oversizedHead):
            return fail(.tooLarge, "the head of the answer is too large", at: instant)
        case (.answering, .insecure):
            return fail(.tls, "TLS failed: \(fault)", at: instant)
        case (.answering, .timedOut), (.answering, .other):
            return fail(.other, "the connection failed: \(fault)", at: instant)
        }
    }

    mutating func deadlinePassed(at instant: NIODeadline) -> Action {
        switch stage {
        case .finished:
            return .none
        case .connecting:
            return fail(.timeout, "timed out while connecting to \(peer)", at: instant)
        case .securing:
            return fail(.timeout, "timed out in the TLS handshake with \(peer)", at: instant)
        case .answering:
            guard head != nil else {
                let part = firstByteAt == nil ? "waiting for the answer" : "in the head of the answer"
                return fail(.timeout, "timed out \(part)", at: instant)
            }
            return fail(.timeout, "timed out after \(body.bytes.count) bytes of the body", at: instant)
        }
    }

    mutating func cancelled(at instant: NIODeadline) -> Action {
        stage == .finished ? .none : fail(.other, "cancelled", at: instant)
    }

    private mutating func ended(_ how: String?, at instant: NIODeadline) -> Action {
        let how = how ?? "the connection was closed"
        guard firstByteAt != nil else {
            return fail(.truncated, "no answer: \(how)", at: instant)
        }
        guard head != nil else { return fail(.truncated, "the answer ended in its head: \(how)", at: instant) }
        return fail(.truncated, "the answer ended after \(body.bytes.count) bytes of the body: \(how)", at: instant)
    }

    private mutating func fail(
        _ reason: FailureReason,
        _ description: String,
        at instant: NIODeadline,
        lacksConnection: Bool = false
    ) -> Action {
        stage = .finished
        return .fail(
            HTTPExchangeFailure(
                reason: reason,
                description: description,
                duration: startedAt.map { instant.duration(since: $0) } ?? .zero,
                partial: answer(at: instant),
                lacksConnection: lacksConnection
            )
        )
    }

    private func answer(at instant: NIODeadline) -> HTTPAnswer? {
        guard let head, let startedAt, let requestStartedAt, let firstByteAt else { return nil }
        var timing = HTTPTiming(
            startedAt: startedAt,
            requestStartedAt: requestStartedAt,
            requestWrittenAt: min(requestWrittenAt ?? firstByteAt, firstByteAt),
            firstByteAt: firstByteAt,
            completedAt: instant
        )
        if case .fresh(let fresh) = origin, let connectedAt {
            timing.dns = fresh.dns
            timing.connect = connectedAt.duration(since: fresh.connectingAt)
            timing.tls = tls
        }
        return HTTPAnswer(status: Int(head.status.code), headers: head.headers, body: body, timing: timing)
    }

    /// Where the duration begins, for a failure as for a success; `nil` before a pooled connection's exchange.
    private var startedAt: NIODeadline? {
        switch origin {
        case .pooled: requestStartedAt
        case .fresh(let fresh): fresh.isCold ? fresh.startedAt : requestStartedAt ?? fresh.startedAt
        }
    }

    private var isCold: Bool {
        switch origin {
        case .pooled: false
        case .fresh(let fresh): fresh.isCold
        }
    }

    private var peer: String {
        switch origin {
        case .pooled: "the target"
        case .fresh(let fresh): fresh.peer
        }
    }
}

/// Where the connection of an exchange comes from.
enum HTTPConnectionOrigin: Sendable {
    case pooled
    case fresh(FreshConnection)

    /// A connection to be made, and what has happened before the first packet.
    struct FreshConnection: Sendable {
        /// The address and port, for people.
        var peer: String
        var isSecure: Bool
        /// Whether the connection serves one exchange, whose duration begins at `startedAt` and not with the request.
        var isCold: Bool
        /// Before resolving.
        var startedAt: NIODeadline
        /// `nil` where the host is an address.
        var dns: Duration?
        /// Before the first attempt at any address.
        var connectingAt: NIODeadline
    }
}
