import ExporterTestSupport
import Foundation

/// A real Alertmanager with its data in a folder of its own.
struct AlertmanagerServer {
    /// An alert as the API shows it.
    struct Alert: Decodable {
        struct Status: Decodable {
            var state: String
            var inhibitedBy: [String]
        }
        var labels: [String: String]
        var annotations: [String: String]
        var status: Status
    }

    let process: ChildProcess
    let port: Int
    private let directory: TemporaryDirectory

    var url: String { "http://127.0.0.1:\(port)" }

    /// Starts a server with `configuration`, and returns when it listens.
    static func start(_ configuration: String) async throws -> AlertmanagerServer {
        let directory = try TemporaryDirectory()
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("alertmanager.yml")))
        let port = try FreePort.find()
        let process = try ChildProcess(
            "prometheus-alertmanager",
            debianPackage: "prometheus-alertmanager",
            arguments: [
                "--config.file", directory.file("alertmanager.yml"), "--storage.path", directory.file("data"),
                "--web.listen-address", "127.0.0.1:\(port)", "--cluster.listen-address", "",
            ]
        )
        try await process.waitForLine(containing: "Listening on")
        return AlertmanagerServer(process: process, port: port, directory: directory)
    }

    /// A server that tells `receiver` at once, and of every change.
    static func start(telling receiver: ScriptedService) async throws -> AlertmanagerServer {
        try await start(
            """
            route: { receiver: test, group_by: ["..."], group_wait: 0s, group_interval: 1s, repeat_interval: 4h }
            receivers: [{ name: test, webhook_configs: [{ url: "http://127.0.0.1:\(receiver.port)/alerts" }] }]
            """
        )
    }

    /// Every alert that it has and that goes on.
    func alerts() async throws -> [Alert] {
        let text = try await LoopbackHTTP.request("GET", "/api/v2/alerts", port: port).text
        return try JSONDecoder().decode([Alert].self, from: Data(text.utf8))
    }
}

/// An alert in a message of an Alertmanager to a webhook, or in a post to one.
struct ReceivedAlert: Decodable {
    var status: String?
    var labels: [String: String]
    var startsAt: String
    var endsAt: String

    var name: String { labels["alertname"] ?? "" }
    /// Whether it comes from the exporter and not from Prometheus.
    var isOfExporter: Bool { labels["source"] == "exporter" }
}

extension ScriptedService.Record {
    /// What Alertmanagers have told this webhook, in order.
    var notifications: [ReceivedAlert] {
        struct Message: Decodable {
            var alerts: [ReceivedAlert]
        }
        return requests.flatMap { request in
            (try? JSONDecoder().decode(Message.self, from: Data(request.body.utf8)))?.alerts ?? []
        }
    }

    /// What an exporter has posted to this in the place of an Alertmanager, post by post.
    var posts: [[ReceivedAlert]] {
        requests.compactMap { try? JSONDecoder().decode([ReceivedAlert].self, from: Data($0.body.utf8)) }
    }
}
