import BenchmarkModel
import ExporterConfiguration
import ExporterServer
import Logging
import NIOCore
import NIOPosix
import Probing
import Recording
import ServiceLifecycle
import SnapshotStore
import UnixSignals

/// Where the modules meet; the map of the program.
///
/// configuration → scheduler → probe → run record → confidence, regression → recorder.prepare → store → recorder.adopt → `/metrics`
/// run record → alerts → board → `/metrics`, Alertmanager
struct Assembly: Service {
    /// How long a benchmark or an event loop may be overdue before the exporter calls itself unhealthy.
    private static let standstillTolerance = Duration.seconds(30)

    let options: ServerOptions
    let stateDirectory: String
    /// Loads the configuration again, for a reload.
    let source: @Sendable () throws(CommandFailure) -> LoadedConfiguration
    let loaded: LoadedConfiguration
    let logger: Logger
    /// A service that lives as long as the exporter: the simulated one of the demo.
    var companion: (any Service)?
    /// Told the URL of the server, without a path, once everything is restored.
    var announce: @Sendable (String) throws -> Void = { _ in }

    /// Runs until SIGTERM or SIGINT, which may come at any moment, that of the restore included.
    func runUntilTerminated() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: self, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: lifecycleLogger
            )
        )
        try await group.run()
        logger.info("stopped")
    }

    /// Restores, serves and probes until the graceful shutdown.
    func run() async throws {
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        warn(of: loaded)
        let web = options.webConfiguration
        let webContents = try web?.read()
        let resolver = NameResolver()
        let access = storeAccess(resolver: resolver)
        let audit = makeAuditTrail(access)
        let security = try makeSecurity(web, webContents, audit)
        let bound = try await bind()
        // Probes have an event loop of their own, so that no scrape delays a measurement.
        let probeLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let pulse = EventLoopPulse(of: probeLoop)
        let nullTarget = try await makeNullTarget(on: probeLoop, resolver: resolver)

        // Restore, then write: no state is committed or exposed before this has finished.
        let writer = try makeWriter(access)
        // Tells commands on this machine that the store is in use, until the process is gone.
        let lock = await cancelWhenGracefulShutdown { await lockStore(access) }
        defer { withExtendedLifetime(lock) {} }
        let restored = await cancelWhenGracefulShutdown { await writer?.restore(patience: .seconds(5)) }
        if Task.isShuttingDownGracefully { return }
        let ordered = await storedOverride(in: restored?.documents ?? [:], writer)
        let override = ordered ?? ContinuousOverride()
        let recorder = Recorder(
            benchmarks: override.descriptions(loaded.configuration.benchmarks),
            restored: restored?.states ?? [:],
            unproved: restored?.unproved ?? [:],
            epoch: restored?.epoch ?? Int64(WallClock.now * 1000),
            now: WallClock.now
        )
        let ledger = await makeLedger(restored, writer)
        let probes = ProbeFactory(eventLoop: probeLoop, resolver: resolver, ledger: ledger)
        let board = AlertBoard()
        let alerts = await makeAlerts(
            board: board,
            recorder: recorder,
            ledger: ledger,
            writer: writer,
            restored: restored,
            override: override
        )
        let notifications = AlertNotifications(
            instance: loaded.configuration.instance,
            board: board,
            resolver: resolver,
            logger: logger
        )
        notifications.adopt(loaded.configuration.alertmanager)
        let metrics = ExporterMetrics(
            alerts: board,
            storeStatus: { writer?.status },
            eventLoopLag: { pulse.lag },
            remainingTokens: { ledger.remainingTokens(of: $0) }
        )
        metrics.noteReload(of: loaded.configuration, at: WallClock.now)
        let endpoint = MetricsEndpoint(changing: { metrics.snapshot() })
        let publish = { @Sendable in endpoint.publish(await recorder.snapshot()) }
        await publish()
        StartupPages.release()

        let events = EventFeed()
        events.adopt(loaded.configuration.api)
        let figures = MetricsResource(of: loaded.configuration.benchmarks)
        let reader = access.makeReader()
        let results = Results(reader)
        let memory = makePageMemory(board: board, writer: writer, restored: restored)
        let turns = Turns()
        let resets = BaselineResets()
        let deliver = { @Sendable (run: RunRecord) in
            if let floor = run.floor { metrics.noteFloor(floor) }
            await turns.take(run.benchmark) {
                let baselines = await recorder.baselines(of: run.benchmark)
                let run = await RegressionAnalysis.analyse(run, against: baselines)
                let summary = run.summary
                guard let state = await recorder.prepare(run, summary) else { return }
                let lastRun = await recorder.state(of: run.benchmark)?.lastRun
                await writer?.commit(state, summary)
                await recorder.adopt(state)
                await publish()
                await alerts.record(run)
                figures.add(summary)
                results.add(summary)
                memory.runs.add(summary)
                events.publish(.run, RunResult(summary))
                RunLog(logger: logger).write(summary, after: lastRun)
            }
        }
        let scheduler = BenchmarkScheduler(
            nullTarget: nullTarget,
            ledger: ledger,
            eventLoop: probeLoop,
            clock: ContinuousClock(),
            wallClock: { WallClock.now },
            deliver: deliver
        )
        let live = LiveConfiguration(
            loaded,
            override: ordered,
            scheduler: scheduler,
            recorder: recorder,
            probes: probes,
            turns: turns,
            stored: { await writer?.state(of: $0) },
            commit: { await writer?.commit($0, nil) },
            publish: publish,
            logger: logger
        )
        let measurement = RequestedMeasurement(
            probes: probes,
            nullTarget: nullTarget,
            ledger: ledger,
            eventLoop: probeLoop,
            keepSpending: {
                let spending = SpendingDocument(ledger.accounts)
                await writer?.commit(document: spending.document, named: SpendingDocument.name)
            }
        )
        let manualRuns = ManualRuns(
            measurement,
            benchmarks: { await live.benchmarks },
            target: { await live.current.configuration.suiteTarget },
            compare: { benchmarks, report in
                let known = StoredStates(states: await recorder.exposedStatesByName())
                SuiteComparison(baselinesOf: benchmarks, in: known).fill(&report)
            },
            deliver: deliver,
            onChange: { events.publish(.manualRun, $0) }
        )
        let reloading = Reloading(
            on: hangUps,
            start: { await live.start() },
            apply: {
                let failure = await reload(live, manualRuns, metrics, security, alerts, notifications)
                figures.retain(await live.benchmarks)
                memory.runs.retain(Set(await live.names))
                events.adopt(await live.current.configuration.api)
                return failure
            }
        )
        let api = ManagementAPI(
            status: StatusResource(
                live: live,
                recorder: recorder,
                runs: manualRuns,
                progress: { scheduler.progress },
                store: { writer?.status },
                alerts: board
            ),
            results: ResultsResource(
                reader: results.reader,
                benchmarks: { await live.names },
                lastRuns: { await recorder.exposedStates().compactMap(\.lastRun) }
            ),
            metrics: figures,
            events: events,
            runs: RunsResource(runs: manualRuns, benchmarks: { await live.names }),
            continuous: ContinuousResource(benchmarks: { await live.benchmarks }) { override in
                do {
                    return try await reloading.perform { () async -> Result<Bool, APIProblem> in
                        let name = ContinuousOverride.documentName
                        let result = await writer?.commitAndWait(document: override.document, named: name)
                        do throws(APIProblem) {
                            let isDurable = try Self.isDurable(result, writer)
                            await live.replace(override)
                            await alerts.adopt(live)
                            let view = ContinuousResource.View(override, among: await live.names)
                            events.publish(.continuous, view)
                            return .success(isDurable)
                        } catch {
                            return .failure(error)
                        }
                    }.get()
                } catch let failure as CommandFailure {
                    throw APIProblem(503, failure.message, headers: [("Retry-After", "5")])
                }
            },
            cache: CacheResource(
                metrics: figures,
                probes: probes,
                measurement: measurement,
                definitions: { await live.benchmarks }
            ),
            regressions: RegressionsResource(recorder: recorder),
            baseline: BaselineResource(
                editor: BaselineEditor(
                    recorder: recorder,
                    turns: turns,
                    commit: { state async throws(APIProblem) in
                        try Self.isDurable(await writer?.commit(state, nil), writer)
                    },
                    publish: publish,
                    resets: resets
                ),
                benchmarks: { await live.names }
            ),
            audit: AuditResource(trail: audit, results: results),
            probe: ProbeEndpoint(measurement, definitions: { await live.benchmarks })
        )
        let statusPage = StatusPage(
            source: StatusPageSource(
                telemetryPath: options.telemetryPath,
                live: live,
                recorder: recorder,
                runs: manualRuns,
                memory: memory,
                progress: { scheduler.progress },
                store: { writer?.status },
                spending: { ledger.spending(of: $0) }
            )
        )
        let routes = Routes(
            telemetryPath: options.telemetryPath,
            metrics: endpoint,
            statusPage: statusPage,
            configuration: { await live.current.redactedText },
            illness: {
                let tolerance = Self.standstillTolerance
                if scheduler.isStandingStill(tolerance: tolerance) { return "the scheduler stands still" }
                if pulse.isStandingStill(tolerance: .init(tolerance)) {
                    return "the event loop of the probes stands still"
                }
                return nil
            },
            reload: { await reloading.reload() },
            isLifecycleEnabled: options.enableLifecycle,
            management: api.routes
        )
        let server = makeServer(bound, routes: routes.all, security: security, metrics: metrics)
        // Services stop in reverse order: probes first, and the store holds their last outcome.
        var services: [any Service] = [
            audit, events, server, AlertEvents(board: board, events: events), reloading, manualRuns, notifications,
            alerts, memory.alerts,
        ]
        if let writer {
            services.insert(writer, at: 0)
            services.append(
                LateRestore(
                    snapshots: writer.lateSnapshots,
                    recorder: recorder,
                    turns: turns,
                    ledger: ledger,
                    resets: resets,
                    commit: { await writer.commit($0, nil) },
                    publish: publish,
                    spending: { await storedSpending(in: $0, writer) },
                    takeUp: { documents in
                        await alerts.inherit(from: alertMemory(in: documents, writer))
                        await memory.alerts.inherit(documents)
                        guard let override = await storedOverride(in: documents, writer) else { return }
                        try? await reloading.perform {
                            await live.inherit(override)
                            await alerts.adopt(live)
                        }
                    },
                    logger: logger
                )
            )
        }
        if let reader {
            let replayed = MetricsResource.longestWindow
            services.append(
                HistoryReplay(of: reader, reaching: replayed, logger: logger) { run in
                    figures.add(run)
                    if await live.names.contains(run.benchmark) { memory.recall(run) }
                }
            )
            services.append(
                memory.recall(
                    from: reader,
                    of: { await live.names },
                    before: memory.startedAt - replayed,
                    logger: logger
                )
            )
        }
        if let web, let webContents {
            services.append(
                WebConfigurationWatch(
                    file: web,
                    initial: webContents,
                    security: security,
                    clock: ContinuousClock(),
                    logger: logger
                )
            )
        }
        if let companion { services.append(companion) }
        services.append(Scheduling(scheduler: scheduler))

        // An address that stands for all of them is announced as one that can be asked.
        let address = (bound.addressTexts.first ?? "").replacing(/^(0\.0\.0\.0|\[::\]):/, with: "localhost:")
        try announce("\(webContents?.loaded.configuration.tls == nil ? "http" : "https")://\(address)")
        try await ServiceGroup(services: services, logger: lifecycleLogger).run()
    }

    /// What the library says of starting and stopping services is of no interest above `debug`.
    private var lifecycleLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .notice)
        return logger
    }

    private func makeNullTarget(on eventLoop: any EventLoop, resolver: NameResolver) async throws -> NullTarget {
        do {
            return try await NullTarget.bind(on: eventLoop, resolver: resolver)
        } catch {
            let message =
                "ai-benchmark-exporter: listen on 127.0.0.1, so that the exporter can measure itself: \(error)"
            throw CommandFailure(message: message, status: .failure)
        }
    }

    /// Loads the configuration again and takes it up; on any problem the old one stays.
    private func reload(
        _ live: LiveConfiguration,
        _ manualRuns: ManualRuns,
        _ metrics: ExporterMetrics,
        _ security: ServerSecurity,
        _ alerts: AlertEvaluation<ContinuousClock>,
        _ notifications: AlertNotifications
    ) async -> CommandFailure? {
        do {
            let loaded = try source()
            warn(of: loaded)
            await manualRuns.cancelCurrent(of: await live.changed(by: loaded), for: .reload)
            await live.replace(with: loaded)
            security.replace(access: AccessSettings(loaded.configuration.api))
            await alerts.adopt(live)
            notifications.adopt(loaded.configuration.alertmanager)
            metrics.noteReload(of: loaded.configuration, at: WallClock.now)
            logger.info("configuration reloaded")
            return nil
        } catch {
            metrics.noteFailedReload()
            logger.error("configuration not reloaded, the old one is kept", metadata: ["problems": "\(error.message)"])
            return error
        }
    }

    private func warn(of loaded: LoadedConfiguration) {
        for warning in loaded.warnings { logger.warning("configuration", metadata: ["problem": "\(warning)"]) }
    }
}
