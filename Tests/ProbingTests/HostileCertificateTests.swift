import BenchmarkModel
import ExporterTestSupport
import NIOCore
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("Hostile services: certificates", .timeLimit(.minutes(1)))
struct HostileCertificateTests {
    private let authority: TestCertificates
    private let otherAuthority: TestCertificates

    init() async throws {
        authority = try await TestCertificates()
        otherAuthority = try await TestCertificates()
    }

    /// A certificate that a service shows to clients that know one authority.
    enum Certificate: CaseIterable {
        case expired, ofAnotherHost, ofAnotherAuthority, selfSigned

        var flaw: String {
            switch self {
            case .expired, .ofAnotherAuthority, .selfSigned: "CERTIFICATE_VERIFY_FAILED"
            case .ofAnotherHost:
                "NIOSSLExtraError.failedToValidateHostname: Couldn't find <none> in certificate from peer"
            }
        }
    }

    private func files(of certificate: Certificate) async throws -> (certificate: String, key: String) {
        switch certificate {
        case .expired: try await authority.issue("expired", for: ["IP:127.0.0.1"], days: -1)
        case .ofAnotherHost: try await authority.issue("other", for: ["IP:127.0.0.9"])
        case .ofAnotherAuthority: try await otherAuthority.issue("unknown", for: ["IP:127.0.0.1"])
        case .selfSigned: try await authority.selfSigned("self", for: ["IP:127.0.0.1"])
        }
    }

    @Test(
        "a certificate that cannot be trusted is a failure of TLS, and nothing is sent",
        arguments: Certificate.allCases
    )
    func untrusted(_ certificate: Certificate) async throws {
        let shown = try await files(of: certificate)
        let service = try await ScriptedService.start(tls: shown, .always("never"))
        let trusted = TLSDefinition(certificateAuthorityFile: authority.authority)
        let endpoint = "127.0.0.1:\(service.port)"
        try await HostileBehaviour("", .tls, "no TLS connection to \(endpoint): \(certificate.flaw)").expectFailure(
            of: probe(of: .local(service.port, isSecure: true, tls: trusted)),
            "GET https://\(endpoint)/"
        )
        #expect(service.record.requests.isEmpty)
    }

    @Test(
        "a service that does not speak TLS, says nothing or hangs up fails in the handshake",
        arguments: [
            HostileBehaviour("speaks HTTP", .tls, nil, .send("HTTP/1.1 400 Bad Request\r\n\r\n")),
            HostileBehaviour("says nothing", .timeout, "timed out in the TLS handshake with %"),
            HostileBehaviour("hangs up", .tls, nil, .pause(.milliseconds(300)), .close),
        ]
    )
    func noTLS(_ behaviour: HostileBehaviour) async throws {
        let service = try await ScriptedService.start(behaviour.steps)
        let endpoint = "127.0.0.1:\(service.port)"
        var behaviour = behaviour
        behaviour.clause = behaviour.clause?.replacing("%", with: endpoint)
        let target = HTTPTarget.local(service.port, isSecure: true)
        try await behaviour.expectFailure(of: probe(of: target), "GET https://\(endpoint)/")
    }

    private func probe(of target: HTTPTarget) -> HTTPProbe {
        HTTPProbe(
            HTTPProbeDefinition(method: "GET", path: "/"),
            target: target,
            transport: HTTPTransport(to: target)
        )
    }
}
