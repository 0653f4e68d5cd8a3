import ExporterServer

/// The exporter's endpoints: a path, who answers, and with what.
struct Routes {
    /// Whether the metrics can have the path: one of their own, and one that a client sends as it stands there.
    ///
    /// Of what a path may have (RFC 3986, section 3.3) there are no percent signs, as paths are matched without decoding, no
    /// empty segment, which could make the path a host, and no dots, which clients resolve.
    static func canHaveMetrics(at path: String) -> Bool {
        path.wholeMatch(of: /(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)+\/?/) != nil
            && !["/config", ManagementAPI.probePath, ManagementAPI.base].contains(path)
            && !["/-/", "/assets/", "/benchmarks/", "\(ManagementAPI.base)/"].contains(where: path.hasPrefix)
    }

    let telemetryPath: String
    let metrics: MetricsEndpoint
    /// The pages for people.
    let statusPage: StatusPage
    /// The configuration in force, without secrets.
    let configuration: @Sendable () async -> String
    /// Why the exporter is not healthy; `nil` when it is.
    let illness: @Sendable () async -> String?
    /// Reloads the configuration; the failure says why the old one was kept.
    let reload: @Sendable () async -> CommandFailure?
    /// Whether a reload may come from any address, without a token.
    let isLifecycleEnabled: Bool
    /// The endpoints of the management API.
    let management: [Route]

    /// All routes.
    var all: [Route] {
        management + statusPage.routes + [
            Route(path: telemetryPath, handler: "metrics") { [metrics] in metrics.respond(to: $0) },
            Route(path: "/config", handler: "config") { [configuration] _ in
                .text(200, await configuration())
            },
            Route(path: "/-/healthy", handler: "healthy", statuses: [200, 503]) { [illness] _ in
                guard let illness = await illness() else { return .text(200, "healthy") }
                return .text(503, "not healthy: \(illness)")
            },
            // The sockets are bound before the restore but serve only after it, so whoever is answered is ready.
            Route(path: "/-/ready", handler: "ready") { _ in .text(200, "ready") },
            Route(
                path: "/-/reload",
                handler: "reload",
                methods: ["POST"],
                role: .admin,
                statuses: [200, 401, 403, 429],
                isExempt: { [isLifecycleEnabled] in isLifecycleEnabled || $0.isLoopback },
                respond: { [reload] _ in
                    guard let failure = await reload() else { return .text(200, "reloaded") }
                    return .text(500, "the old configuration is kept:\n\(failure.message)")
                }
            ),
        ]
    }
}
