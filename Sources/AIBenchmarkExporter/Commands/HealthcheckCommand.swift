import ArgumentParser
import ExporterConfiguration
import ExporterServer
import NIOCore
import NIOPosix
import Probing

/// Asks the local exporter whether it is healthy; for containers without curl.
struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Ask /-/healthy of the local exporter; exits with 1 when it is not healthy.",
        discussion: """
            Example:
              ai-benchmark-exporter healthcheck --web.listen-address 127.0.0.1:10300
            """
    )

    @Option(name: .customLong("web.listen-address"), help: "Address that the exporter listens on, as HOST:PORT.")
    var listenAddress = ":10300"

    func run() async throws {
        let address: ListenAddress
        do {
            address = try ListenAddress(parsing: listenAddress)
        } catch {
            throw CommandFailure(message: "--web.listen-address: \(error)", status: .badUsage)
        }
        let host = address.host ?? "127.0.0.1"
        let transport = HTTPTransport(
            target: HTTPTarget(
                baseURL: HTTPBaseURL(isSecure: false, host: host, port: address.port, pathPrefix: "")
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            resolver: NameResolver()
        )
        let answer = try await transport.exchange(
            HTTPRequest(method: "GET", target: "/-/healthy"),
            connection: .cold,
            deadline: .now() + .seconds(5)
        )
        switch answer {
        case .success(let answer) where answer.status == 200: return
        case .success(let answer):
            throw CommandFailure(
                message:
                    "healthcheck: \(listenAddress) answered \(answer.status): \(String(decoding: answer.body.bytes.prefix(200), as: UTF8.self))",
                status: .failure
            )
        case .failure(let failure):
            throw CommandFailure(message: "healthcheck: \(listenAddress): \(failure.detail)", status: .failure)
        }
    }
}
