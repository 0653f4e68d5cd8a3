import ExporterTestSupport
import Foundation
import Testing

@Suite("A health check beside an exporter that is secured", .timeLimit(.minutes(2)))
struct HealthcheckTests {
    private static let configuration = """
        store: { url: none }
        targets: { assistant: { http: { base_url: "http://127.0.0.1:9" } } }
        benchmarks: [{ name: health_check, target: assistant, probe: { http: { path: / } } }]

        """
    /// Of the password `open sesame`.
    private static let users =
        "basic_auth_users: { alice: $2b$04$TOr/AlGbYMFQ1uGQl8c8Z.7zPzLs4vr.OUSCQaA0hoGooHLJJdb0q }\n"

    private let directory: TemporaryDirectory
    private let certificates: TestCertificates

    init() async throws {
        directory = try TemporaryDirectory()
        certificates = try await TestCertificates()
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file(name)))
    }

    private func start() async throws -> ExporterProcess {
        try await ExporterProcess.start(
            configuration: Self.configuration,
            in: directory,
            arguments: ["--web.config.file", "web.yml"]
        )
    }

    /// The status of a health check, and what it printed.
    private func check(_ exporter: ExporterProcess, _ arguments: String...) async throws -> (Int32, String) {
        let address = ["--web.listen-address", "127.0.0.1:\(exporter.port)"]
        let result = try await ExporterProcess.run(["healthcheck"] + address + arguments, in: directory)
        return (result.status, result.output)
    }

    /// The section of TLS with a certificate for a name that is not the address, expired where `days` is negative.
    private func tls(_ name: String, days: Int = 2, clients: String? = nil) async throws -> String {
        let identity = try await certificates.issue(name, for: ["DNS:assistant.example"], days: days)
        var lines = ["tls_server_config:", "  cert_file: \(identity.certificate)", "  key_file: \(identity.key)"]
        if let clients {
            lines += ["  client_auth_type: \(clients)", "  client_ca_file: \(certificates.authority)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test("needs a user where there are users, and one that is right")
    func users() async throws {
        try write(Self.users, to: "web.yml")
        try write("alice:open sesame\n", to: "login")
        try write("alice:guess\n", to: "guess")
        let exporter = try await start()
        #expect(try await check(exporter, "--basic-auth.file", "login") == (0, ""))
        let refused =
            "healthcheck: 127.0.0.1:\(exporter.port): answered 401: it asks for a user, whom --basic-auth.file must name "
            + "with the password"
        #expect(try await check(exporter) == (1, refused))
        #expect(try await check(exporter, "--basic-auth.file", "guess") == (1, refused))
        let missing = try await check(exporter, "--basic-auth.file", "none")
        #expect(missing == (1, "ai-benchmark-exporter: read login none: no such file"))
        let file = try await check(exporter, "--web.config.file", "none.yml")
        #expect(file == (1, "ai-benchmark-exporter: read web configuration none.yml: no such file"))
        #expect(await exporter.stop() == 0)
    }

    @Test("tells a bad address with 1, as Docker keeps 2, and shows nothing of an answer that commands the terminal")
    func answers() async throws {
        let bad = try await ExporterProcess.run(["healthcheck", "--web.listen-address", "nowhere"], in: directory)
        #expect(bad.status == 1)
        #expect(bad.output.hasPrefix("--web.listen-address: "), "\(bad.output)")
        let hostile = try await ScriptedService.start(
            .always("\u{1B}[2J\u{7}gone\nhealthy", status: "503 Service Unavailable")
        )
        let address = "127.0.0.1:\(hostile.port)"
        let answered = try await ExporterProcess.run(["healthcheck", "--web.listen-address", address], in: directory)
        #expect(answered.status == 1)
        #expect(answered.output == "healthcheck: \(address): answered 503:  [2J gone healthy")
    }

    @Test("trusts the certificate of the file whatever its names and its time, and no other", arguments: [2, -1])
    func tls(days: Int) async throws {
        try write(try await tls("server", days: days) + Self.users, to: "web.yml")
        try write("alice:open sesame\n", to: "login")
        let exporter = try await start()
        let file = ["--web.config.file", "web.yml"]
        #expect(try await check(exporter, file[0], file[1], "--basic-auth.file", "login") == (0, ""))
        #expect(try await check(exporter, file[0], file[1]).0 == 1)
        #expect(try await check(exporter, "--basic-auth.file", "login").0 == 1)
        try write(try await tls("other", days: days), to: "other.yml")
        let other = try await check(exporter, file[0], "other.yml", "--basic-auth.file", "login")
        #expect(other.0 == 1)
        #expect(other.1.contains("CERTIFICATE_VERIFY_FAILED"), "\(other.1)")
        #expect(await exporter.stop() == 0)
    }

    @Test(
        "shows an exporter that asks for certificates of clients its own",
        arguments: ["RequireAnyClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"]
    )
    func clients(authentication: String) async throws {
        try write(try await tls("server", clients: authentication), to: "web.yml")
        let exporter = try await start()
        #expect(try await check(exporter, "--web.config.file", "web.yml") == (0, ""))
        #expect(await exporter.stop() == 0)
    }
}
