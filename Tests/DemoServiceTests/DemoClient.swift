import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// One request a connection, over a real socket; knows nothing of what it asks for.
struct DemoClient {
    struct Response: Sendable {
        var status = 0
        var headers = HTTPHeaders()
        /// One for each time that the decoder handed on a piece of the body.
        var pieces: [String] = []

        var body: String { pieces.joined() }

        /// The top level of the body, each value as text.
        func json() throws -> [String: String] {
            let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            return (object ?? [:]).mapValues { "\($0)" }
        }
    }

    let port: Int

    /// `nil` where the connection was closed without a response.
    func send(_ method: HTTPMethod, _ path: String, body: String? = nil) async throws -> Response? {
        let response = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Response?.self)
        let channel = try await connect { channel in
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(ResponseCollector(promise: response))
        }
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: ["Host": "demo"])
        head.headers.add(name: "Connection", value: "close")
        if let body { head.headers.add(name: "Content-Length", value: "\(body.utf8.count)") }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if let body { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil) }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return try await response.futureResult.get()
    }

    /// Writes the text as it is, and returns all that came until the server closed the connection.
    func sendRaw(_ text: String) async throws -> String {
        let answer = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: String.self)
        let channel = try await connect { channel in
            try channel.pipeline.syncOperations.addHandler(ByteCollector(promise: answer))
        }
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        return try await answer.futureResult.get()
    }

    private func connect(_ initializer: @escaping @Sendable (any Channel) throws -> Void) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try initializer(channel) } }
            .connect(host: "127.0.0.1", port: port)
            .get()
    }
}

private final class ResponseCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<DemoClient.Response?>
    private var response: DemoClient.Response?

    init(promise: EventLoopPromise<DemoClient.Response?>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): response = .init(status: Int(head.status.code), headers: head.headers)
        case .body(let buffer): response?.pieces.append(String(buffer: buffer))
        case .end: promise.succeed(response)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        promise.succeed(nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

private final class ByteCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<String>
    private var bytes: [UInt8] = []

    init(promise: EventLoopPromise<String>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        promise.succeed(String(decoding: bytes, as: UTF8.self))
    }
}
