import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOHTTP1
import Testing

@testable import Probing

@Suite("HTTP transport: Unix-domain sockets", .timeLimit(.minutes(1)))
struct HTTPTransportSocketTests {
    private func transport(_ socketPath: String, isSecure: Bool = false, tls: TLSDefinition = .init()) -> HTTPTransport
    {
        var target = HTTPTarget.local(
            isSecure ? 443 : 80,
            host: "app.test",
            isSecure: isSecure,
            pathPrefix: "/v1",
            tls: tls
        )
        target.socketPath = socketPath
        return HTTPTransport(to: target)
    }

    @Test("a request goes to the socket, with the host and the prefix of the base URL and without a lookup")
    func exchange() async throws {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        let path = directory.file("app.sock")
        let service = try await ScriptedService.start(socketPath: path, .always("ok"))
        let transport = transport(path)
        let first = try await transport.get("/health")
        #expect(first.text == "ok")
        #expect(Set(first.timing.phases.keys) == [.connect, .request, .wait, .transfer])
        #expect(try await transport.get("/health").timing.phases[.connect] == nil)
        let cold = try await transport.get("/health", connection: .cold).timing
        #expect(cold.phases.values.reduce(.zero, +) <= cold.duration)
        #expect(service.record.connections == 2)
        #expect(service.record.requests.allSatisfy { $0.head.headers["Host"] == ["app.test"] })
        #expect(service.record.requests.allSatisfy { $0.head.uri == "/v1/health" })
    }

    @Test("TLS works over a socket too, with the host as the name of the certificate")
    func secure() async throws {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        let path = directory.file("app.sock")
        let certificates = try await TestCertificates()
        let files = try await certificates.issue("app", for: ["DNS:app.test"])
        let service = try await ScriptedService.start(tls: files, socketPath: path, .always("ok"))
        let tls = TLSDefinition(certificateAuthorityFile: certificates.authority)
        let timing = try await transport(path, isSecure: true, tls: tls).get().timing
        #expect(timing.tls != nil)
        #expect(service.record.requests.count == 1)
    }

    @Test("a socket that is not there is a failure to connect, and so is one whose path is too long")
    func missing() async throws {
        let path = try TemporaryDirectory().file("missing.sock")
        let failure = try await transport(path).failureOfGet()
        #expect(failure.reason == .connect)
        #expect(
            failure.detail == "GET http://app.test/v1/: no connection to \(path): No such file or directory"
        )
        let long = try await transport("/" + String(repeating: "x", count: 200)).failureOfGet()
        #expect(long.reason == .connect)
    }
}
