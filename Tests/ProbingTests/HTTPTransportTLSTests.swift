import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import Testing

@testable import Probing

@Suite("HTTP transport: TLS", .timeLimit(.minutes(1)))
struct HTTPTransportTLSTests {
    private func transport(_ port: Int, host: String = "127.0.0.1", tls: TLSDefinition) -> HTTPTransport {
        HTTPTransport(to: .local(port, host: host, isSecure: true, tls: tls))
    }

    @Test("a certificate of the given authority for the address, or for the given name, is accepted")
    func accepted() async throws {
        let certificates = try await TestCertificates()
        let authority = certificates.authority
        let byAddress = try await ScriptedService.start(
            tls: certificates.issue("address", for: ["IP:127.0.0.1"]),
            .always("ok")
        )
        let warm = transport(byAddress.port, tls: TLSDefinition(certificateAuthorityFile: authority))
        let timings = [try await warm.get().timing, try await warm.get().timing]
        #expect(byAddress.record.connections == 1)
        #expect(timings.map { $0.phases[.tls] != nil } == [true, false])
        let cold = try await warm.get(connection: .cold).timing
        #expect(Set(cold.phases.keys) == [.connect, .tls, .request, .wait, .transfer])
        #expect(cold.phases.values.reduce(.zero, +) <= cold.duration)

        let byName = try await ScriptedService.start(
            tls: certificates.issue("name", for: ["DNS:assistant.test"]),
            .always("named")
        )
        let definition = TLSDefinition(certificateAuthorityFile: authority, serverName: "assistant.test")
        #expect(try await transport(byName.port, tls: definition).get().text == "named")
    }

    @Test("bytes that come through TLS carry the instants of their arrival before it")
    func arrivals() async throws {
        let certificates = try await TestCertificates()
        let service = try await ScriptedService.start(
            tls: certificates.issue("address", for: ["IP:127.0.0.1"]),
            [
                .awaitRequest, .send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"), .pause(.milliseconds(100)),
                .send("cd"),
            ]
        )
        let definition = TLSDefinition(certificateAuthorityFile: certificates.authority)
        let answer = try await transport(service.port, tls: definition).get()
        #expect(answer.text == "abcd")
        #expect(Set(answer.body.arrivals.map(\.endOffset)).isSubset(of: [2, 4]))
        #expect(answer.timing.firstByteAt == answer.body.arrivals.first?.instant)
        #expect(answer.timing.completedAt == answer.body.arrivals.last?.instant)
        #expect(answer.timing.duration >= .milliseconds(100))
    }

    @Test("a service that demands a certificate gets the client's, and refuses a client without")
    func clientCertificate() async throws {
        let certificates = try await TestCertificates()
        let service = try await ScriptedService.start(
            tls: certificates.issue("service", for: ["IP:127.0.0.1"]),
            clientAuthority: certificates.authority,
            .always("ok")
        )
        let files = try await certificates.issue("client", for: ["DNS:exporter.test"])
        let client = ClientCertificateDefinition(certificateFile: files.certificate, keyFile: files.key)
        var definition = TLSDefinition(
            certificateAuthorityFile: certificates.authority,
            clientCertificate: client
        )
        #expect(try await transport(service.port, tls: definition).get().text == "ok")
        definition.clientCertificate = nil
        let failure = try await transport(service.port, tls: definition).failureOfGet()
        #expect(failure.reason == .tls)
        #expect(
            failure.detail
                == "GET https://127.0.0.1:\(service.port)/: TLS failed: TLSV1_ALERT_CERTIFICATE_REQUIRED"
        )
        #expect(service.record.requests.count == 1)
    }

    @Test("a client certificate that cannot be read, or that is not that of the key, is named in the failure")
    func unusableClientCertificate() async throws {
        let certificates = try await TestCertificates()
        let one = try await certificates.issue("one", for: ["DNS:one.test"])
        let other = try await certificates.issue("other", for: ["DNS:other.test"])
        let cases = [
            ("/nowhere/client.pem", one.key, "/nowhere/client.pem: "),
            (one.certificate, "/nowhere/client.key", "/nowhere/client.key: "),
            (one.key, one.key, "\(one.key): "),
            (one.certificate, other.key, "\(one.certificate) and \(other.key): "),
        ]
        for (certificate, key, what) in cases {
            let client = ClientCertificateDefinition(certificateFile: certificate, keyFile: key)
            let failure = try await transport(1, tls: TLSDefinition(clientCertificate: client)).failureOfGet()
            #expect(failure.reason == .tls)
            #expect(failure.detail.contains("TLS cannot be set up with \(what)"))
        }
    }

    @Test("authorities that cannot be read, and an impossible name, fail every exchange and nothing else")
    func unreadable() async throws {
        let directory = try TemporaryDirectory()
        let definitions = [
            TLSDefinition(certificateAuthorityFile: directory.file("missing.pem")),
            TLSDefinition(serverName: "not\u{0}a name"),
        ]
        for definition in definitions {
            let failure = try await transport(1, tls: definition).failureOfGet()
            #expect(failure.reason == .tls)
            #expect(failure.detail.contains("TLS cannot be set up with "))
        }
    }
}
