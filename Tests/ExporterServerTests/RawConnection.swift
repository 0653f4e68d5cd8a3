import NIOCore
import NIOPosix
import NIOSSL

/// A peer of a server that sends whatever bytes it is told to.
struct RawConnection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer = ByteBuffer()

    struct Response: Equatable {
        var status: Int
        var head: String
        var body: String
    }

    /// Connects, with `tls` as a client of it, hands the connection to `body`, and closes it afterwards.
    static func open<Result: Sendable>(
        to address: SocketAddress,
        tls: NIOSSLContext? = nil,
        _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: true)
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = Self(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    /// What the server sends in reply to `text` until it closes the connection.
    static func exchange(
        _ text: String,
        with address: SocketAddress,
        tls: NIOSSLContext? = nil
    ) async throws -> String {
        try await open(to: address, tls: tls) { connection in
            try await connection.send(text)
            return try await connection.readToEnd()
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Sends nothing more, and still reads.
    func finish() {
        outbound.finish()
    }

    /// The next answer; `nil` where the server closed the connection instead.
    mutating func readResponse(hasBody: Bool = true) async throws -> Response? {
        while true {
            let text = String(buffer: buffer)
            if let end = text.firstRange(of: "\r\n\r\n") {
                let head = String(text[..<end.lowerBound])
                let length = hasBody ? Self.contentLength(in: head) : 0
                let headLength = head.utf8.count + 4
                if buffer.readableBytes >= headLength + length {
                    buffer.moveReaderIndex(forwardBy: headLength)
                    let body = buffer.readString(length: length) ?? ""
                    return Response(status: Int(head.dropFirst(9).prefix(3)) ?? 0, head: head, body: body)
                }
            }
            guard var more = try await inbound.next(isolation: #isolation) else { return nil }
            buffer.writeBuffer(&more)
        }
    }

    /// Everything until the server closes the connection.
    mutating func readToEnd() async throws -> String {
        while var more = try await inbound.next(isolation: #isolation) { buffer.writeBuffer(&more) }
        return buffer.readString(length: buffer.readableBytes) ?? ""
    }

    private static func contentLength(in head: String) -> Int {
        let line = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        return line.flatMap { Int($0.dropFirst("Content-Length: ".count)) } ?? 0
    }
}
