import ExporterTestSupport
import Foundation
import Testing

/// kill -9 at random moments, again and again: what was exposed is never taken back.
@Suite("crashes", .serialized, .timeLimit(.minutes(10))) struct CrashTests {
    private static let iterations = 3
    private static let warmup = 1

    @Test("with SQLite no value ever goes back, and a kill loses at most the run in flight")
    func sqlite() async throws {
        let crashes = try await Crashes(storeURL: "sqlite:state.db")
        for _ in 0..<40 { try await crashes.cycle() }
        #expect(crashes.judge.lies == [])
        #expect(crashes.judge.resets == 0)
    }

    @Test("with Redis no value ever goes back, and a kill loses at most the run in flight")
    func redis() async throws {
        let redis = try await RedisServer.start()
        let crashes = try await Crashes(storeURL: redis.url)
        for _ in 0..<30 { try await crashes.cycle() }
        #expect(crashes.judge.lies == [])
        #expect(crashes.judge.resets == 0)
    }

    @Test("with Redis killed, stalled or emptied in between, a value goes back only to begin again at zero")
    func disturbedRedis() async throws {
        var redis = try await RedisServer.start()
        let crashes = try await Crashes(storeURL: redis.url)
        for cycle in 0..<30 {
            switch cycle % 6 {
            case 1:
                let port = redis.port
                try await crashes.cycle {
                    await redis.process.kill()
                    redis = try await RedisServer.start(port: port)
                }
            case 3:
                try await crashes.cycle { redis.process.signal(SIGSTOP) }
                redis.process.signal(SIGCONT)
            case 4:
                // What was published is marked and not stored: the next process has to begin again.
                let port = redis.port
                try await crashes.cycle { await redis.process.kill() }
                redis = try await RedisServer.start(port: port)
            case 5:
                try await crashes.cycle { try await redis.command("FLUSHALL") }
            default:
                try await crashes.cycle()
            }
        }
        #expect(crashes.judge.lies == [])
        #expect(crashes.judge.resets > 0)
    }

    /// An exporter that is started, watched and killed over a service that counts what it is asked.
    private final class Crashes {
        private(set) var judge = CounterJudge()
        private let service: ScriptedService
        private let directory: TemporaryDirectory
        private let storeURL: String
        /// What must at least be restored after the next start; `nil` when nothing can be said.
        private var leastToRestore: Double?

        init(storeURL: String) async throws {
            self.storeURL = storeURL
            directory = try TemporaryDirectory()
            service = try await ScriptedService.start(.always("ok"))
        }

        /// Starts the exporter, scrapes it until the service was asked a random number of times, and kills it; `disturb` runs
        /// half-way, and then nothing is said about how much is lost.
        func cycle(disturb: (() async throws -> Void)? = nil) async throws {
            let seenBefore = service.record.requests.count
            let exporter = try await ExporterProcess.start(
                configuration: ServingTests.configuration(
                    port: service.port,
                    iterations: CrashTests.iterations,
                    warmup: CrashTests.warmup,
                    timeout: "50ms",
                    interval: "60ms"
                ),
                in: directory,
                arguments: ["--store.url", storeURL]
            )
            let restored = try await scrape(exporter, since: seenBefore)
            let seenAtRestore = service.record.requests.count
            let target = Int.random(in: 4...40)
            var isDisturbed = false
            while true {
                let seen = service.record.requests.count - seenBefore
                if seen >= target { break }
                if seen >= target / 2, let disturb, !isDisturbed {
                    isDisturbed = true
                    try await disturb()
                }
                try await scrape(exporter, since: seenBefore)
                await service.wait { $0.requests.count > seenBefore + seen }
            }
            await exporter.process.kill()

            // Every iteration that is counted was seen, and all that were seen are counted but those of the run in flight.
            let seen = service.record.requests.count
            #expect(restored <= Double(seenAtRestore))
            if let leastToRestore { #expect(restored >= leastToRestore) }
            let runSize = CrashTests.iterations + CrashTests.warmup
            leastToRestore = disturb == nil ? restored + Double(seen - seenAtRestore - runSize) : nil
        }

        /// Judges a scrape, and returns the number of iterations, warm-up included, that it counts.
        @discardableResult
        private func scrape(_ exporter: ExporterProcess, since seenBefore: Int) async throws -> Double {
            let metrics = try await exporter.scrape()
            judge.judge(metrics, requestsSinceStart: service.record.requests.count - seenBefore)
            let measured = metrics.series(of: "ai_benchmark_iterations_total")
            let warmup = metrics.series(of: "ai_benchmark_warmup_iterations_total")
            return (measured + warmup).map(\.value).reduce(0, +)
        }
    }
}
