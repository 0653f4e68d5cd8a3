import NIOCore
import NIOEmbedded
import Synchronization

@testable import ExporterServer

/// A connection of the server that is sent the input in pieces, and whose requests are answered at once.
///
/// Beyond not ending the process it never answers twice what it has read once.
enum HTTPTarget {
    private static let routes = [
        Route(path: "/metrics", handler: "metrics") { _ in .text(200, "not called") },
        Route(path: "/reload", handler: "reload", methods: ["POST"]) { _ in .text(200, "not called") },
    ]

    /// The status of every answer.
    static func outcome(_ bytes: [UInt8]) -> String {
        let channel = EmbeddedChannel()
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        let exchanges = Mutex(0)
        let answers = Mutex<[String]>([])
        let limits = ServerLimits.standard
        let environment = ConnectionEnvironment(
            router: Router(routes),
            limits: limits,
            registry: ConnectionRegistry(limits: limits) {},
            security: ServerSecurity(),
            dispatch: { exchange in
                exchanges.withLock { $0 += 1 }
                exchange.reply(.text(200, "answered"))
            },
            onResponse: { handler, status in answers.withLock { $0.append("\(handler) \(status)") } }
        )
        guard (try? ConnectionHandler.configure(channel, for: environment)) != nil,
            let address = try? SocketAddress(ipAddress: "192.0.2.7", port: 50_000),
            (try? channel.connect(to: address).wait()) != nil
        else { return "" }
        var rest = ByteBuffer(bytes: bytes)
        while channel.isActive, let piece = rest.readSlice(length: min(rest.readableBytes, 1 + bytes.count / 7)),
            piece.readableBytes > 0
        {
            _ = try? channel.writeInbound(piece)
            channel.embeddedEventLoop.run()
        }
        // One answer for each request that was sound, and one for what was not.
        precondition(answers.withLock(\.count) <= exchanges.withLock { $0 } + 1)
        return answers.withLock { $0 }.joined(separator: ", ")
    }
}
