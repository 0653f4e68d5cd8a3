import ExporterTestSupport
import NIOCore
import NIOPosix
import Probing

@testable import ExporterConfiguration

extension HTTPTarget {
    /// A target on this machine.
    static func local(
        _ port: Int,
        host: String = "127.0.0.1",
        isSecure: Bool = false,
        pathPrefix: String = "",
        headers: [HeaderDefinition] = [],
        tls: TLSDefinition = TLSDefinition()
    ) -> HTTPTarget {
        HTTPTarget(
            baseURL: HTTPBaseURL(isSecure: isSecure, host: host, port: port, pathPrefix: pathPrefix),
            headers: headers,
            tls: tls
        )
    }
}

extension HeaderDefinition {
    init(_ name: String, _ value: String) {
        self.init(name: name, value: Secret(value))
    }
}

extension HTTPTransport {
    /// Connections that are kept for as long as any test takes, unless it is about that.
    convenience init(
        to target: HTTPTarget,
        resolver: NameResolver = NameResolver(),
        idleLimit: TimeAmount = .hours(1)
    ) {
        let group = MultiThreadedEventLoopGroup.singleton
        self.init(target: target, group: group, resolver: resolver, idleLimit: idleLimit)
    }

    convenience init(to service: ScriptedService) {
        self.init(to: .local(service.port))
    }

    /// The answer to `GET path`; throws the failure.
    func get(
        _ path: String = "/",
        connection: ConnectionPolicy = .warm,
        deadline: NIODeadline = .generous
    ) async throws -> HTTPAnswer {
        try await exchange(HTTPRequest(method: "GET", target: path), connection: connection, deadline: deadline).get()
    }

    /// The failure of `GET path`; throws where there is none.
    ///
    /// `#expect(throws:)` would look at every byte of the partial answer, which may be 8 MiB.
    func failureOfGet(
        _ path: String = "/",
        connection: ConnectionPolicy = .warm,
        deadline: NIODeadline = .generous
    ) async throws -> HTTPFailure {
        let request = HTTPRequest(method: "GET", target: path)
        switch try await exchange(request, connection: connection, deadline: deadline) {
        case .success(let answer): throw UnexpectedAnswer(status: answer.status)
        case .failure(let failure): return failure
        }
    }
}

struct UnexpectedAnswer: Error {
    var status: Int
}

extension HTTPAnswer {
    var text: String { String(decoding: body.bytes, as: UTF8.self) }
}

extension NIODeadline {
    /// Never reached by a test that passes.
    static var generous: NIODeadline { .now() + .seconds(30) }
    /// For those that end by it.
    static var near: NIODeadline { .now() + .seconds(1) }
}
