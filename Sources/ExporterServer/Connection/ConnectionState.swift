/// Where a connection stands: a state machine without clock or socket.
///
/// One request is handled at a time. Events come in, and an action comes out where one has to follow.
struct ConnectionState {
    enum Phase: Equatable {
        /// For the first byte of a request.
        case waiting
        case readingHead
        case readingBody
        /// A handler is at work.
        case answering
        case writing
        /// The last answer is out; what the peer still sends is thrown away until it has read it.
        case lingering
        case closed
    }

    enum Action {
        case none
        case sendContinue
        case answer(RequestHead, body: [UInt8])
        case refuse(Rejection)
        case linger
        /// The peer may have gone, so a new connection may take the place of this one.
        case yieldPlace
        case close
    }

    private(set) var phase = Phase.waiting
    /// The request that is being read or answered; `nil` until its head is complete and sound.
    private(set) var head: RequestHead?
    /// Whether another request may follow on the connection.
    private(set) var keepsAlive = true
    /// Whether no request has been answered yet.
    private(set) var isFirstRequest = true
    private var body: [UInt8] = []
    private var wasRefused = false
    private let limits: ServerLimits

    init(limits: ServerLimits) {
        self.limits = limits
    }

    /// The first byte of a request has arrived.
    mutating func requestStarted() -> Action {
        if phase == .waiting { phase = .readingHead }
        return .none
    }

    mutating func received(_ result: Result<RequestHead, Rejection>) -> Action {
        guard phase == .waiting || phase == .readingHead else { return .none }
        switch result {
        case .failure(let rejection):
            return refuse(rejection)
        case .success(let head):
            self.head = head
            if !head.keepsAlive { keepsAlive = false }
            phase = .readingBody
            return head.expectsContinue ? .sendContinue : .none
        }
    }

    mutating func received(body bytes: some Collection<UInt8>) -> Action {
        guard phase == .readingBody else { return .none }
        guard body.count + bytes.count <= limits.maximumBodyBytes else { return refuse(.bodyTooLarge) }
        body += bytes
        return .none
    }

    /// The request is complete.
    mutating func ended() -> Action {
        guard phase == .readingBody, let head else { return .none }
        phase = .answering
        defer { body = [] }
        return .answer(head, body: body)
    }

    /// What the peer sends is no request; without effect once a request is complete.
    mutating func refuse(_ rejection: Rejection) -> Action {
        guard phase == .waiting || phase == .readingHead || phase == .readingBody else { return .none }
        phase = .writing
        keepsAlive = false
        wasRefused = true
        body = []
        return .refuse(rejection)
    }

    /// A handler has an answer; `false` where nobody waits for it any more.
    mutating func answered() -> Bool {
        guard phase == .answering else { return false }
        phase = .writing
        return true
    }

    /// The answer that is being written is the last one of the connection.
    mutating func endsAfterAnswer() {
        keepsAlive = false
    }

    /// The answer has left, while the peer may have sent more than was read.
    mutating func written(hasUnread: Bool) -> Action {
        guard phase == .writing else { return .none }
        isFirstRequest = false
        if keepsAlive {
            phase = .waiting
            head = nil
            return .none
        }
        // To close with bytes unread makes the system reset the connection, and the answer may be lost.
        if wasRefused || hasUnread || head?.framing == .chunked {
            phase = .lingering
            return .linger
        }
        return close()
    }

    /// The time for the present phase is over.
    mutating func expired() -> Action {
        switch phase {
        case .readingHead: refuse(Rejection(408, "the head of the request did not arrive in time"))
        case .readingBody: refuse(Rejection(408, "the body of the request did not arrive in time"))
        case .waiting, .writing, .lingering: close()
        case .answering: .yieldPlace
        case .closed: .none
        }
    }

    /// The peer will send nothing more.
    mutating func inputClosed() -> Action {
        keepsAlive = false
        switch phase {
        case .waiting, .readingHead, .readingBody, .lingering: return close()
        case .answering, .writing, .closed: return .none
        }
    }

    /// The server is about to end: what is complete is still answered.
    mutating func drain() -> Action {
        keepsAlive = false
        switch phase {
        case .waiting, .readingHead, .lingering: return close()
        case .readingBody, .answering, .writing, .closed: return .none
        }
    }

    mutating func close() -> Action {
        guard phase != .closed else { return .none }
        phase = .closed
        return .close
    }
}
