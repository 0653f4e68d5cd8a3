import Alerting
import BenchmarkModel
import ExporterConfiguration
import Foundation
import Testing

@Suite("Alerts of the process") struct AlertEvaluatorTests {
    private static let start = 1_800_000_000.0
    private static let identity = BenchmarkIdentity(benchmark: "a", operation: "connect", target: "s")

    private static func configuration(
        _ benchmark: String = "interval: 15s, timeout: 1s",
        operation: String = "connect",
        alerts: String = ""
    ) throws -> ExporterConfiguration {
        let text = """
            targets: { s: { tcp: { address: "127.0.0.1:1" } } }
            benchmarks: [{ name: a, category: health_check, operation: \(operation), target: s, probe: { tcp: {} }, \(benchmark) }]
            \(alerts)
            """
        let loader = ConfigurationLoader(environment: [:], hostName: "test") { _ in "" }
        return try loader.load(text, file: "test.yml").configuration
    }

    /// An exporter whose benchmark runs every 15 seconds; each run is followed by an evaluation.
    private struct Scenario {
        var evaluator: AlertEvaluator
        var now = start
        var signals = AlertSignals()

        init(_ configuration: ExporterConfiguration) {
            evaluator = AlertEvaluator(configuration, at: start)
        }

        /// The changes that so many runs make, as text.
        mutating func run(
            _ count: Int,
            good: Int = 10,
            slow: Int = 0,
            failed: Int = 0,
            latencyTotal: Double = 1,
            lost: Int = 0,
            isValid: Bool = true
        ) -> [String] {
            var changes: [String] = []
            for _ in 0..<count {
                now += 15
                evaluator.record(
                    RunEvidence(
                        completedAt: now,
                        good: good,
                        slow: slow,
                        failed: failed,
                        latencyTotal: latencyTotal,
                        lostSlots: lost,
                        isValid: isValid
                    ),
                    of: identity
                )
                signals.benchmarks[identity, default: BenchmarkSignals()].lastCompletedAt = now
                changes += evaluate()
            }
            return changes
        }

        /// The changes that an evaluation makes after so many seconds without a run.
        mutating func pass(_ seconds: Double) -> [String] {
            now += seconds
            return evaluate()
        }

        mutating func restart(_ configuration: ExporterConfiguration) throws {
            let data = try JSONEncoder().encode(evaluator.memory)
            let memory = try JSONDecoder().decode(AlertMemory.self, from: data)
            #expect(memory == evaluator.memory)
            evaluator = AlertEvaluator(configuration, memory: memory, at: now)
        }

        private mutating func evaluate() -> [String] {
            evaluator.evaluate(signals, at: now).map { "\($0.key.name.rawValue) \($0.change.rawValue)" }
        }
    }

    @Test("a breach is pending, fires after its time and ends once the window is good again")
    func breach() throws {
        var scenario = Scenario(try Self.configuration())
        #expect(scenario.run(20) == [])
        #expect(scenario.run(20, good: 0, slow: 10) == ["P95Breach pending"])
        #expect(scenario.run(3, good: 0, slow: 10) == ["P95Breach firing"])
        #expect(
            scenario.evaluator.alerts.map(\.reason) == ["100% of the answers to a (connect) of s are slow or failed"]
        )
        #expect(scenario.run(27) == [])
        #expect(scenario.run(20) == ["P95Breach resolved"])
    }

    @Test("two slow answers of a hundred change nothing")
    func healthy() throws {
        var scenario = Scenario(try Self.configuration())
        for _ in 0..<50 {
            #expect(scenario.run(4) == [])
            #expect(scenario.run(1, good: 9, slow: 1) == [])
        }
    }

    @Test("failures are a breach too, and lower the success rate")
    func failures() throws {
        var scenario = Scenario(try Self.configuration())
        let changes = scenario.run(22, good: 8, failed: 2)
        #expect(
            changes.sorted() == [
                "P95Breach firing", "P95Breach pending", "SuccessRateLow firing", "SuccessRateLow pending",
            ]
        )
        #expect(scenario.evaluator.alerts.map(\.reason).last == "80% of the answers to a (connect) of s are right")
    }

    @Test("an objective on the mean is judged by the mean")
    func mean() throws {
        let configuration = try Self.configuration(
            "interval: 15s, timeout: 1s, objective: { statistic: mean, target: 100ms }"
        )
        var scenario = Scenario(configuration)
        #expect(scenario.run(40, good: 9, slow: 1, latencyTotal: 0.9) == [])
        #expect(scenario.run(40, good: 9, slow: 1, latencyTotal: 1.2) == ["P95Breach pending", "P95Breach firing"])
        #expect(scenario.evaluator.alerts.map(\.reason) == ["Answers to a (connect) of s take 120ms on average"])
    }

    @Test("over a restart a firing alert goes on, without firing again, until a run says that it is over")
    func restart() throws {
        let configuration = try Self.configuration()
        var scenario = Scenario(configuration)
        _ = scenario.run(30, good: 0, slow: 10)
        try scenario.restart(configuration)
        #expect(scenario.pass(0) == [])
        #expect(scenario.pass(3600) == ["RunStale pending"])
        #expect(scenario.evaluator.alerts.map(\.key.name) == [.p95Breach, .runStale])
        #expect(scenario.run(1) == ["RunStale cancelled"])
        #expect(scenario.run(30) == ["P95Breach resolved"])
    }

    @Test("over a restart a pending alert keeps its time, and still wants a second run")
    func restartWhilePending() throws {
        let configuration = try Self.configuration()
        var scenario = Scenario(configuration)
        #expect(scenario.run(1, good: 0, slow: 10) == ["P95Breach pending"])
        try scenario.restart(configuration)
        #expect(scenario.pass(30) == [])
        scenario.now += 300
        #expect(scenario.run(1, good: 0, slow: 10) == ["P95Breach firing"])
    }

    @Test("silence is stale after three intervals and the longest run, and a standby is not silent")
    func stale() throws {
        var scenario = Scenario(try Self.configuration())
        _ = scenario.run(1)
        #expect(scenario.pass(58) == [])
        #expect(scenario.pass(1) == ["RunStale pending"])
        #expect(scenario.pass(60) == ["RunStale firing"])
        #expect(scenario.evaluator.alerts.map(\.reason) == ["No run of a (connect) of s has completed for 119s"])
        scenario.signals.benchmarks[Self.identity]?.isPaused = true
        #expect(scenario.pass(1) == ["RunStale resolved"])
    }

    @Test("a restart gives the first run its time, and a benchmark that has never run is stale after that")
    func staleAfterStart() throws {
        var scenario = Scenario(try Self.configuration())
        #expect(scenario.pass(58) == [])
        #expect(scenario.pass(1) == ["RunStale pending"])
    }

    @Test("lost slots and invalid runs speak when they are many")
    func poorMeasurement() throws {
        var scenario = Scenario(try Self.configuration())
        #expect(scenario.run(1, lost: 1) == [])
        #expect(scenario.run(30) == [])
        #expect(scenario.run(22, lost: 1) == ["RunsMissed pending", "RunsMissed firing"])
        var other = Scenario(try Self.configuration())
        #expect(other.run(30, isValid: false) == ["MeasurementInvalid pending", "MeasurementInvalid firing"])
    }

    @Test("signals of analysis, store and budget speak as they come")
    func signals() throws {
        var scenario = Scenario(try Self.configuration("interval: 1d"))
        scenario.signals.isStoreUp = false
        scenario.signals.undurableRuns = 3
        scenario.signals.spentTargets = ["s"]
        scenario.signals.benchmarks[Self.identity] = BenchmarkSignals(
            degradation: .latency(ratio: 1.25),
            slopePerHour: 0.01
        )
        #expect(
            scenario.pass(0) == [
                "Regression firing", "TrendDegrading pending", "BudgetExhausted firing", "StoreDown pending",
                "Undurable pending",
            ]
        )
        #expect(scenario.pass(300) == ["StoreDown firing", "Undurable firing"])
        #expect(
            scenario.evaluator.alerts.map(\.reason) == [
                "The token budget of s is spent", "a (connect) of s takes 1.25 times as long as its baseline",
                "The store of the exporter does not answer", "a (connect) of s becomes slower by 24% a day",
                "3 runs of the exporter are not in its store",
            ]
        )
        scenario.signals = AlertSignals()
        #expect(
            scenario.pass(1) == [
                "Regression resolved", "TrendDegrading cancelled", "Undurable resolved", "BudgetExhausted resolved",
            ]
        )
        #expect(scenario.pass(300) == ["StoreDown resolved"])
        scenario.signals.benchmarks[Self.identity] = BenchmarkSignals(degradation: .failures)
        #expect(scenario.pass(1) == ["Regression firing"])
        #expect(scenario.evaluator.alerts.first?.reason == "a (connect) of s fails more often than its baseline")
    }

    @Test("a configuration changes the time and the severity of an alert, and switches it off")
    func overrides() throws {
        let alerts = """
            alerts:
              - { name: P95Breach, benchmark: "?", for: 30s, severity: info }
              - { name: SuccessRateLow, enabled: false }
            """
        var scenario = Scenario(try Self.configuration(alerts: alerts))
        #expect(scenario.run(3, good: 0, failed: 10) == ["P95Breach pending", "P95Breach firing"])
        #expect(scenario.evaluator.alerts.map(\.severity) == [.info])
    }

    @Test("a reload ends the alerts of a benchmark that is gone, and keeps those of one that stays")
    func reload() throws {
        var scenario = Scenario(try Self.configuration())
        _ = scenario.run(30, good: 0, slow: 10)
        scenario.evaluator.adopt(try Self.configuration(alerts: "instance: other"), at: scenario.now)
        #expect(scenario.pass(1) == [])
        scenario.evaluator.adopt(try Self.configuration(operation: "other"), at: scenario.now)
        #expect(scenario.pass(1) == ["P95Breach resolved"])
        #expect(scenario.pass(301) == ["RunStale pending"])
        #expect(!scenario.evaluator.alerts.contains { $0.key.name == .p95Breach })
    }

    @Test("an alert that fired before a store was away goes on when it is back, and then ends as it should")
    func inheritedFiring() throws {
        var before = Scenario(try Self.configuration())
        _ = before.run(30, good: 0, slow: 10)
        var after = Scenario(try Self.configuration())
        after.now = before.now
        #expect(after.run(1) == [])
        after.evaluator.inherit(from: before.evaluator.memory)
        #expect(after.evaluator.alerts.map(\.phase) == before.evaluator.alerts.map(\.phase))
        #expect(after.run(45) == ["P95Breach resolved"])
    }

    @Test("what is known already stays: an alert of its own, and how many runs there were")
    func inheritedPending() throws {
        var before = Scenario(try Self.configuration())
        _ = before.run(22, good: 0, slow: 10)
        var after = Scenario(try Self.configuration())
        after.now = before.now
        #expect(after.run(1, good: 0, slow: 10) == ["P95Breach pending"])
        let own = after.evaluator.alerts
        after.evaluator.inherit(from: before.evaluator.memory)
        #expect(after.evaluator.alerts == before.evaluator.alerts)
        #expect(own != after.evaluator.alerts)
        after.evaluator.inherit(from: before.evaluator.memory)
        #expect(after.evaluator.alerts == before.evaluator.alerts)
    }

    @Test("what a store hands out is never a reason to crash", arguments: [1e308, -1e308, 0, 1e-300])
    func hostileMemory(number: Double) throws {
        let text = """
            {"version": 1, "windows": [{"benchmark": {"benchmark": "a", "operation": "connect", "target": "s"}, "window":
            {"length": 120, "runsSoFar": \(number), "slices": [{"index": \(number), "totals": {"runs": \(number),
            "invalidRuns": \(number), "lostSlots": \(number), "good": \(number), "slow": \(number), "failed": \(number),
            "latencyTotal": \(number)}}]}}], "alerts": []}
            """
        let memory = try JSONDecoder().decode(AlertMemory.self, from: Data(text.utf8))
        var scenario = Scenario(try Self.configuration())
        scenario.evaluator = AlertEvaluator(try Self.configuration(), memory: memory, at: Self.start)
        _ = scenario.run(2)
        _ = scenario.evaluator.alerts
        scenario.evaluator.inherit(from: memory)
        _ = scenario.run(2)
    }
}
