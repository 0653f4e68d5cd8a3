import BenchmarkModel
import Foundation
import Testing

@testable import Alerting

@Suite("Notifications") struct NotificationPlanTests {
    private static func alert(_ phase: AlertState.Phase, _ name: AlertName = .storeDown) -> ProcessAlert {
        ProcessAlert(key: AlertKey(name), severity: .warning, phase: phase, reason: "The store does not answer")
    }

    private static let firing = alert(.firing(since: 0, clearedAt: nil))

    @Test("a new alert is sent at once, again after each interval, and another one in between")
    func resends() {
        var plan = NotificationPlan(resendInterval: .seconds(60))
        #expect(plan.next([], at: 0) == .wait(until: nil))
        #expect(plan.next([Self.alert(.pending(since: 0, runs: 0))], at: 0) == .wait(until: nil))
        #expect(plan.next([Self.firing], at: 1) == .send([Self.firing]))
        #expect(plan.next([Self.firing], at: 2) == .wait(until: nil))
        plan.succeeded()
        #expect(plan.next([Self.firing], at: 3) == .wait(until: 61))
        let other = Self.alert(.firing(since: 30, clearedAt: nil), .undurable)
        #expect(plan.next([Self.firing, other], at: 30) == .send([other]))
        plan.succeeded()
        #expect(plan.next([Self.firing, other], at: 61) == .send([Self.firing]))
    }

    @Test("the end of an alert is sent at once and then for five minutes, also by a process that did not see it fire")
    func resolved() {
        var plan = NotificationPlan(resendInterval: .seconds(60))
        #expect(plan.next([Self.firing], at: 0) == .send([Self.firing]))
        plan.succeeded()
        let resolved = Self.alert(.resolved(since: 0, at: 10))
        var sent = 0
        for time in stride(from: 10.0, to: 400, by: 1) {
            guard case .send(let alerts) = plan.next([resolved], at: time) else { continue }
            #expect(alerts == [resolved])
            sent += 1
            plan.succeeded()
        }
        #expect(sent == 6)
        var other = NotificationPlan(resendInterval: .seconds(60))
        #expect(other.next([resolved], at: 200) == .send([resolved]))
    }

    @Test("an alert that fires again is sent at once")
    func firesAgain() {
        var plan = NotificationPlan(resendInterval: .seconds(60))
        _ = plan.next([Self.firing], at: 0)
        plan.succeeded()
        let again = Self.alert(.firing(since: 20, clearedAt: nil))
        #expect(plan.next([again], at: 20) == .send([again]))
    }

    @Test("after failures the wait grows to a minute, and what has changed meanwhile is sent instead")
    func retries() {
        var plan = NotificationPlan(resendInterval: .seconds(60))
        var now = 0.0
        var waits: [Double] = []
        for _ in 0..<9 {
            #expect(plan.next([Self.firing], at: now) == .send([Self.firing]))
            plan.failed(at: now, jitter: 1)
            guard case .wait(let until?) = plan.next([Self.firing], at: now) else {
                Issue.record("no wait")
                return
            }
            waits.append(until - now)
            now = until
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        let resolved = Self.alert(.resolved(since: 0, at: now))
        #expect(plan.next([resolved], at: now) == .send([resolved]))
        plan.failed(at: now, jitter: 0)
        #expect(plan.next([resolved], at: now) == .wait(until: now + 30))
        #expect(plan.next([resolved], at: now - 1000) == .send([resolved]))
        plan.succeeded()
        #expect(plan.next([Self.firing], at: now) == .send([Self.firing]))
        plan.failed(at: now, jitter: 1)
        #expect(plan.next([Self.firing], at: now) == .wait(until: now + 1))
    }

    @Test("the body is what Alertmanager's API takes")
    func body() throws {
        let identity = BenchmarkIdentity(benchmark: "a", operation: "get", target: "s")
        let alerts = [
            ProcessAlert(
                key: AlertKey(.p95Breach, .benchmark(identity)),
                severity: .critical,
                phase: .firing(since: 1_800_000_000.25, clearedAt: nil),
                reason: #"20% of "all""#
            ),
            ProcessAlert(
                key: AlertKey(.budgetExhausted, .target("s")),
                severity: .warning,
                phase: .resolved(since: 1_800_000_000, at: 1_800_000_060),
                reason: "The token budget of s is spent"
            ),
            Self.alert(.pending(since: 0, runs: 0)),
        ]
        let body = try AlertmanagerPayload.body(
            of: alerts,
            at: 1_800_000_100,
            instance: "assistant-0",
            resendInterval: .seconds(60),
            runbooks: "docs/runbooks.md"
        )
        #expect(
            String(decoding: body, as: UTF8.self) == """
                [{"annotations":{"runbook_url":"docs/runbooks.md#aibenchmarkp95breach","summary":"20% of \\"all\\""},\
                "endsAt":"2027-01-15T08:05:40.000Z","labels":{"alertname":"AIBenchmarkP95Breach","benchmark":"a",\
                "instance":"assistant-0","operation":"get","severity":"critical","source":"exporter","target":"s"},\
                "startsAt":"2027-01-15T08:00:00.250Z"},\
                {"annotations":{"runbook_url":"docs/runbooks.md#aibenchmarkbudgetexhausted",\
                "summary":"The token budget of s is spent"},"endsAt":"2027-01-15T08:01:00.000Z",\
                "labels":{"alertname":"AIBenchmarkBudgetExhausted","instance":"assistant-0","severity":"warning",\
                "source":"exporter","target":"s"},"startsAt":"2027-01-15T08:00:00.000Z"}]
                """
        )
    }
}
