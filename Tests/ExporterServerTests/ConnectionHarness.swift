import NIOCore
import NIOEmbedded
import Synchronization

@testable import ExporterServer

/// One connection without a socket: bytes in, bytes out, time by hand.
final class ConnectionHarness {
    let channel = EmbeddedChannel()
    private let registry: ConnectionRegistry
    private let environment: ConnectionEnvironment
    private let log = Log()

    /// What the connection gave away.
    private final class Log: Sendable {
        let exchanges = Mutex<[Exchange]>([])
        let responses = Mutex<[String]>([])
    }

    /// Routes whose handlers never run: a test answers the exchanges itself.
    static let routes = [
        Route(path: "/metrics", handler: "metrics") { _ in .text(500, "not called") },
        Route(path: "/reload", handler: "reload", methods: ["POST"]) { _ in .text(500, "not called") },
    ]

    init(limits: ServerLimits = .standard, registry: ConnectionRegistry? = nil) throws {
        let registry = registry ?? ConnectionRegistry(limits: limits) {}
        let log = log
        self.registry = registry
        environment = ConnectionEnvironment(
            router: Router(Self.routes),
            limits: limits,
            registry: registry,
            security: ServerSecurity(),
            dates: DateField { 784_111_777 },
            dispatch: { exchange in
                switch exchange.match {
                case .route: log.exchanges.withLock { $0.append(exchange) }
                case .refusal(let refusal, _, _): exchange.reply(refusal)
                }
            },
            onResponse: { handler, status in log.responses.withLock { $0.append("\(handler) \(status)") } }
        )
        try ConnectionHandler.configure(channel, for: environment)
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.7", port: 50_000)).wait()
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    var isOpen: Bool { channel.isActive }

    /// The requests that reached a handler, in order.
    var exchanges: [Exchange] { log.exchanges.withLock { $0 } }

    /// Label and status of every answer.
    var responses: [String] { log.responses.withLock { $0 } }

    func send(_ text: String) throws {
        guard isOpen else { return }
        try channel.writeInbound(ByteBuffer(string: text))
        channel.embeddedEventLoop.run()
    }

    func sendByteByByte(_ text: String) throws {
        try send(text, inPiecesOf: 1)
    }

    func send(_ text: String, inPiecesOf size: Int) throws {
        var rest = ByteBuffer(string: text)
        while isOpen, rest.readableBytes > 0, let piece = rest.readSlice(length: min(size, rest.readableBytes)) {
            try channel.writeInbound(piece)
            channel.embeddedEventLoop.run()
        }
    }

    /// Answers the latest request.
    func answer(_ response: ServerResponse = .text(200, "ok")) {
        exchanges.last?.reply(response)
        channel.embeddedEventLoop.run()
    }

    func advance(by time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
    }

    /// Everything that was sent since the last call.
    func output() throws -> String {
        var text = ""
        while let part = try channel.readOutbound(as: IOData.self) {
            if case .byteBuffer(let buffer) = part { text += String(buffer: buffer) }
        }
        return text
    }

    /// The status line of what was sent since the last call, or an empty text.
    func statusLine() throws -> String {
        String(try output().prefix { $0 != "\r\n" })
    }
}
