import ExporterConfiguration
import NIOCore
import NIOHTTP1
import NIOPosix
import Probing

/// Single requests to servers on this machine, each on a connection of its own.
enum LoopbackHTTP {
    /// What came back.
    struct Answer {
        var status: Int
        var headers: HTTPHeaders
        var text: String
    }

    static func request(
        _ method: String,
        _ path: String,
        port: Int,
        headers: HTTPHeaders = [:],
        body: String? = nil
    ) async throws -> Answer {
        let transport = HTTPTransport(
            target: HTTPTarget(baseURL: HTTPBaseURL(isSecure: false, host: "127.0.0.1", port: port, pathPrefix: "")),
            group: .singletonMultiThreadedEventLoopGroup,
            resolver: NameResolver()
        )
        let request = HTTPRequest(method: method, target: path, headers: headers, body: body.map { Array($0.utf8) })
        let answer = try await transport.exchange(request, connection: .cold, deadline: .now() + .seconds(30)).get()
        return Answer(
            status: answer.status,
            headers: answer.headers,
            text: String(decoding: answer.body.bytes, as: UTF8.self)
        )
    }
}
