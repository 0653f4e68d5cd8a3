import NIOCore
import NIOPosix

/// A server on a loopback port that does what a test tells it to, whenever bytes arrive.
final class ScriptedServer: Sendable {
    enum Action: Sendable {
        case send(String)
        /// One packet a byte, as far as the socket allows.
        case drip(String)
        /// The text over and over, until the connection is closed.
        case flood(String)
        case close
    }

    private let channel: any Channel
    /// One element whenever bytes arrive from a client.
    let arrivals: AsyncStream<Void>
    /// One element whenever a connection has been closed.
    let closures: AsyncStream<Void>

    var port: Int { channel.localAddress?.port ?? 0 }

    private init(channel: any Channel, arrivals: AsyncStream<Void>, closures: AsyncStream<Void>) {
        self.channel = channel
        self.arrivals = arrivals
        self.closures = closures
    }

    /// Starts a server that does `script[n]` when bytes arrive for the n-th time on a connection, and `greeting` at
    /// once.
    static func start(greeting: [Action] = [], script: [[Action]] = []) async throws -> ScriptedServer {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let (closures, closed) = AsyncStream.makeStream(of: Void.self)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptHandler(greeting: greeting, script: script, arrived: arrived, closed: closed)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedServer(channel: channel, arrivals: arrivals, closures: closures)
    }

    func stop() async {
        try? await channel.close()
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let greeting: [ScriptedServer.Action]
    private var script: ArraySlice<[ScriptedServer.Action]>
    private let arrived: AsyncStream<Void>.Continuation
    private let closed: AsyncStream<Void>.Continuation

    init(
        greeting: [ScriptedServer.Action],
        script: [[ScriptedServer.Action]],
        arrived: AsyncStream<Void>.Continuation,
        closed: AsyncStream<Void>.Continuation
    ) {
        self.greeting = greeting
        self.script = script[...]
        self.arrived = arrived
        self.closed = closed
    }

    func channelActive(context: ChannelHandlerContext) {
        perform(greeting, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        arrived.yield()
        perform(script.popFirst() ?? [], context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        closed.yield()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func perform(_ actions: [ScriptedServer.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .send(let text):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .drip(let text):
                for byte in text.utf8 {
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [byte])), promise: nil)
                }
            case .flood(let text):
                // In large packets: many small ones would hold up the event loop, which other tests share.
                flood(ByteBuffer(string: String(repeating: text, count: 1 + (64 << 10) / text.utf8.count)), context)
            case .close:
                context.close(promise: nil)
            }
        }
    }

    private func flood(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess {
            context.eventLoop.assumeIsolated().execute { self.flood(bytes, context) }
        }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
    }
}
