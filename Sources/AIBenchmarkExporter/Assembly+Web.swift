import ExporterConfiguration
import ExporterServer
import Logging
import NIOCore
import NIOPosix

extension Assembly {
    /// Who gets to what, as both configurations have it; every call of the management API goes into the log.
    func makeSecurity(
        _ web: WebConfigurationFile?,
        _ contents: WebConfigurationFile.Contents?,
        _ audit: AuditTrail
    ) throws(CommandFailure) -> ServerSecurity {
        var settings = WebSettings()
        if let web, let contents {
            settings = try web.settings(of: contents)
            for warning in contents.loaded.warnings {
                logger.warning("web configuration", metadata: ["problem": "\(warning)"])
            }
        }
        return ServerSecurity(
            web: settings,
            access: AccessSettings(loaded.configuration.api),
            wallClock: { WallClock.now },
            onManagementCall: { audit.note($0) }
        )
    }

    func bind() async throws -> BoundServer {
        let addresses = try options.parsedListenAddresses()
        do {
            return try await BoundServer.bind(addresses, group: .singletonMultiThreadedEventLoopGroup)
        } catch {
            throw CommandFailure(message: "ai-benchmark-exporter: \(error)", status: .failure)
        }
    }

    /// The server on the sockets that are bound, which counts its answers in `metrics`.
    func makeServer(
        _ bound: BoundServer,
        routes: [Route],
        security: ServerSecurity,
        metrics: ExporterMetrics
    ) -> ExporterServer {
        var limits = ServerLimits.standard
        // With 2 s for cleaning up after probes, 0.5 s for a commit and 3 s for the store, a shutdown ends within 10 s.
        limits.drainTimeout = .seconds(2)
        limits.maximumConnections = min(limits.maximumConnections, DescriptorLimit.raise().connections)
        metrics.begin(counting: routes)
        return ExporterServer(
            bound: bound,
            routes: routes,
            limits: limits,
            security: security,
            onResponse: { handler, status in
                metrics.countRequest(handler: handler, status: status)
                logger.debug("answered", metadata: ["handler": "\(handler)", "status": "\(status)"])
            },
            logger: logger
        )
    }
}
