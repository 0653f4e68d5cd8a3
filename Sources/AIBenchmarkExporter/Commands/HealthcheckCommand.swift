import ArgumentParser
import ExporterConfiguration
import ExporterServer
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Probing

/// Asks the local exporter whether it is healthy; for containers without curl.
struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Ask /-/healthy of the local exporter; exits with 1 when it is not healthy or cannot be asked.",
        discussion: """
            Examples:
              ai-benchmark-exporter healthcheck --web.listen-address 127.0.0.1:10300
              ai-benchmark-exporter healthcheck --web.config.file web.yml \\
                --basic-auth.file /run/secrets/probe
            """
    )

    @Option(name: .customLong("web.listen-address"), help: "Address that the exporter listens on, as HOST:PORT.")
    var listenAddress = ":10300"

    @Option(
        name: .customLong("web.config.file"),
        help: "The file that the exporter has: with TLS in it, the exporter must show the certificate that it names.",
        completion: .file()
    )
    var webConfigFile: String?

    @Option(
        name: .customLong("basic-auth.file"),
        help: "File with USER:PASSWORD of one of the users of the web configuration file.",
        completion: .file()
    )
    var loginFile: String?

    /// Whatever is wrong is status 1, a file that is missing too: Docker keeps 2 for itself.
    func run() async throws {
        do {
            try await ask()
        } catch let failure as CommandFailure {
            throw CommandFailure(message: failure.message, status: .failure)
        }
    }

    private func ask() async throws {
        let address: ListenAddress
        do {
            address = try ListenAddress(parsing: listenAddress)
        } catch {
            throw CommandFailure(message: "--web.listen-address: \(error)", status: .badUsage)
        }
        let security = try webConfigFile.flatMap { try WebConfigurationFile(path: $0).ownServer() }
        var headers: HTTPHeaders = [:]
        if let loginFile {
            let login = try ConfigurationFile.text(of: loginFile, as: "login").trimmingCharacters(in: .newlines)
            headers.add(name: "Authorization", value: "Basic \(Data(login.utf8).base64EncodedString())")
        }
        let host = address.host ?? "127.0.0.1"
        let transport = HTTPTransport(
            target: HTTPTarget(
                baseURL: HTTPBaseURL(isSecure: security != nil, host: host, port: address.port, pathPrefix: "")
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            resolver: NameResolver(),
            security: security
        )
        let answer = try await transport.exchange(
            HTTPRequest(method: "GET", target: "/-/healthy", headers: headers),
            connection: .cold,
            deadline: .now() + .seconds(5)
        )
        switch answer {
        case .success(let answer) where answer.status == 200: return
        case .success(let answer) where answer.status == 401:
            throw failure("answered 401: it asks for a user, whom --basic-auth.file must name with the password")
        case .success(let answer):
            let said = String(decoding: answer.body.bytes.prefix(200), as: UTF8.self).printable
            throw failure("answered \(answer.status): \(said)")
        case .failure(let failure): throw self.failure(failure.detail)
        }
    }

    private func failure(_ detail: String) -> CommandFailure {
        CommandFailure(message: "healthcheck: \(listenAddress): \(detail)", status: .failure)
    }
}

extension WebConfigurationFile {
    /// How to talk to the server with this file; `nil` where that is without TLS.
    fileprivate func ownServer() throws(CommandFailure) -> HTTPTransportSecurity? {
        let contents = try read()
        guard let tls = contents.loaded.configuration.tls else { return nil }
        do {
            return try HTTPTransportSecurity(
                ofOwnServer: try NIOSSLCertificate.fromPEMBytes(contents.pem[tls.certificate] ?? []),
                key: try NIOSSLPrivateKey(bytes: contents.pem[tls.key] ?? [], format: .pem)
            )
        } catch {
            throw CommandFailure(message: "\(path): certificate and key: \(error)", status: .badUsage)
        }
    }
}
