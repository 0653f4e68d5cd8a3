import Alerting
import BenchmarkModel
import ExporterConfiguration
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Probing
import ServiceLifecycle

/// Tells the Alertmanagers of the configuration what is on the board, each by a plan of its own.
struct AlertNotifications: Service {
    /// The name of the exporter, which is the label `instance`.
    let instance: String
    let board: AlertBoard
    let resolver: NameResolver
    let logger: Logger
    private let definitions: AsyncStream<AlertmanagerDefinition>
    private let submission: AsyncStream<AlertmanagerDefinition>.Continuation

    /// Tells nobody before the first `adopt`.
    init(instance: String, board: AlertBoard, resolver: NameResolver, logger: Logger) {
        self.instance = instance
        self.board = board
        self.resolver = resolver
        self.logger = logger
        (definitions, submission) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Tells the servers of `definition`, and no others, from now on.
    func adopt(_ definition: AlertmanagerDefinition) {
        submission.yield(definition)
    }

    func run() async {
        await withGracefulShutdownHandler {
            await follow()
        } onGracefulShutdown: {
            submission.finish()
        }
    }

    /// Servers that another definition has as well are told everything once more, which changes nothing for them.
    private func follow() async {
        await withDiscardingTaskGroup { group in
            var adopted: AlertmanagerDefinition?
            var end: AsyncStream<Void>.Continuation?
            for await definition in definitions where definition != adopted {
                adopted = definition
                end?.finish()
                let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
                end = continuation
                group.addTask { await tell(definition, until: ended) }
            }
            group.cancelAll()
        }
    }

    private func tell(_ definition: AlertmanagerDefinition, until ended: AsyncStream<Void>) async {
        await withDiscardingTaskGroup { group in
            for target in definition.servers {
                let server = AlertmanagerConnection(target: target, resolver: resolver)
                group.addTask { await tell(server, resendInterval: definition.resendInterval) }
            }
            for await _ in ended {}
            group.cancelAll()
        }
    }

    private func tell(_ server: AlertmanagerConnection, resendInterval: Duration) async {
        var plan = NotificationPlan(resendInterval: resendInterval)
        var isFailing = false
        while !Task.isCancelled {
            let revision = board.revision
            switch plan.next(board.alerts, at: WallClock.now) {
            case .wait(let time): await wait(until: time, orChangeAfter: revision)
            case .send(let alerts):
                let problem = await server.post(alerts, instance: instance, resendInterval: resendInterval)
                guard !Task.isCancelled else { break }
                board.count(problem == nil ? .sent : .failed)
                if let problem {
                    plan.failed(at: WallClock.now, jitter: Double.random(in: 0...1))
                    if !isFailing { say("alertmanager does not take alerts", server, .warning, reason: problem) }
                } else {
                    plan.succeeded()
                    logger.debug(
                        "alertmanager was told",
                        metadata: ["alertmanager": "\(server.name)", "alerts": "\(alerts.count)"]
                    )
                    if isFailing { say("alertmanager takes alerts again", server, .info) }
                }
                isFailing = problem != nil
            }
        }
        await server.close()
    }

    private func say(
        _ message: Logger.Message,
        _ server: AlertmanagerConnection,
        _ level: Logger.Level,
        reason: String? = nil
    ) {
        var metadata: Logger.Metadata = ["alertmanager": "\(server.name)"]
        if let reason { metadata["reason"] = "\(reason)" }
        logger.log(level: level, message, metadata: metadata)
    }

    private func wait(until time: Double?, orChangeAfter revision: Int) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await board.change(after: revision) }
            if let time {
                // A clock that is set back must not make it wait for longer than the plan ever does.
                let rest = max(0, min(time - WallClock.now, 3600))
                group.addTask { try? await Task.sleep(for: .seconds(rest)) }
            }
            await group.next()
            group.cancelAll()
        }
    }
}

/// The way to one Alertmanager.
struct AlertmanagerConnection {
    /// How long a post may take.
    private static let timeout = TimeAmount.seconds(10)

    /// The URL, without credentials.
    let name: String
    private let transport: HTTPTransport

    init(target: HTTPTarget, resolver: NameResolver) {
        name = target.baseURL.origin + target.baseURL.pathPrefix
        transport = HTTPTransport(
            target: target,
            group: .singletonMultiThreadedEventLoopGroup,
            resolver: resolver
        )
    }

    /// Posts `alerts`; what is wrong where the server has not taken them, as a clause.
    func post(_ alerts: [ProcessAlert], instance: String, resendInterval: Duration) async -> String? {
        do {
            let body = try AlertmanagerPayload.body(
                of: alerts,
                at: WallClock.now,
                instance: instance,
                resendInterval: resendInterval,
                runbooks: RuleFile.usualRunbooks
            )
            let request = HTTPRequest(
                method: "POST",
                target: "/api/v2/alerts",
                headers: ["Content-Type": "application/json"],
                body: Array(body)
            )
            let answer = try await transport.exchange(request, connection: .warm, deadline: .now() + Self.timeout).get()
            return (200..<300).contains(answer.status) ? nil : "it answered with status \(answer.status)"
        } catch {
            return "\(error)"
        }
    }

    func close() async {
        await transport.close()
    }
}
