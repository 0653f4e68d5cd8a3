import Foundation
import NIOCore
import NIOPosix

/// A service on a loopback port that answers with all that it has been sent.
final class EchoService: Sendable {
    /// How the answer is wrapped.
    enum Dialect {
        /// As the body and as a header of a right answer.
        case http
        /// As a body of the values that a server finds in a request, the last one first.
        case parsed
        /// As an error.
        case redis
        case plain
    }

    let port: Int
    private let channel: any Channel

    private init(channel: any Channel) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
    }

    deinit {
        channel.close(promise: nil)
    }

    static func start(_ dialect: Dialect) async throws -> EchoService {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler(dialect: dialect))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return EchoService(channel: channel)
    }
}

private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let dialect: EchoService.Dialect

    init(dialect: EchoService.Dialect) {
        self.dialect = dialect
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let text = String(buffer: Self.unwrapInboundIn(data))
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let answer =
            switch dialect {
            case .http:
                "HTTP/1.1 200 OK\r\nX-Echo: \(line)\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
            case .parsed:
                "HTTP/1.1 200 OK\r\nContent-Length: \(Self.values(in: text).utf8.count)\r\n\r\n\(Self.values(in: text))"
            case .redis: "-\(line.split(separator: " ").last ?? "ERR") \(line)\r\n"
            case .plain: text
            }
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    }

    /// What a server may find in a request once it has undone its encodings.
    private static func values(in text: String) -> String {
        let words = text.split { "=&;? \r\n".contains($0) }.reversed().map(String.init)
        return words.map { word in
            let bytes = Data(base64Encoded: word + String(repeating: "=", count: (4 - word.count % 4) % 4))
            return bytes.flatMap { String(data: $0, encoding: .utf8) } ?? word.removingPercentEncoding ?? word
        }.joined(separator: " ")
    }
}
