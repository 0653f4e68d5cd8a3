import BenchmarkModel
import Synchronization
import Testing

@testable import AIBenchmarkExporter
@testable import Alerting

@Suite("the alerts that have fired", .timeLimit(.minutes(1))) struct FiredAlertsTests {
    private static let operation = BenchmarkIdentity(benchmark: "a", operation: "get", target: "service")

    private static func alert(_ subject: AlertSubject, _ phase: AlertState.Phase) -> ProcessAlert {
        ProcessAlert(key: AlertKey(.p95Breach, subject), severity: .critical, phase: phase, reason: "it is slow")
    }

    private static func fired(_ document: [UInt8]? = nil) -> FiredAlerts {
        FiredAlerts(document, board: AlertBoard()) { _ in }
    }

    @Test("are marked on what they are about, once, and after a restart too")
    func marks() {
        let fired = Self.fired()
        let other = BenchmarkIdentity(benchmark: "b", operation: "get", target: "other")
        let document = fired.note([
            Self.alert(.benchmark(Self.operation), .firing(since: 1e9, clearedAt: nil)),
            Self.alert(.target("service"), .resolved(since: 1e9 + 1, at: 1e9 + 2)),
            Self.alert(.benchmark(other), .pending(since: 1e9, runs: 1)),
            Self.alert(.exporter, .firing(since: 1e9, clearedAt: nil)),
        ])
        #expect(fired.note([Self.alert(.benchmark(Self.operation), .firing(since: 1e9, clearedAt: nil))]) == nil)
        let again = Self.fired(document)
        for alerts in [fired, again] {
            #expect(alerts.marks(of: Self.operation, since: 0).map(\.time) == [1e9, 1e9 + 1])
            #expect(alerts.marks(of: Self.operation, since: 1e9 + 1).map(\.time) == [1e9 + 1])
            #expect(alerts.marks(of: other, since: 0).isEmpty)
        }
    }

    @Test("that a store remembers which comes late are marked too, and stay stored beside those that fired meanwhile")
    func late() async throws {
        let key = FiredAlerts.documentName
        let earlier = Self.fired().note([Self.alert(.benchmark(Self.operation), .firing(since: 1e9, clearedAt: nil))])
        let stored = Mutex<[UInt8]?>(nil)
        let fired = FiredAlerts(nil, board: AlertBoard()) { document in stored.withLock { $0 = document } }
        _ = fired.note([Self.alert(.target("service"), .firing(since: 1e9 + 1, clearedAt: nil))])
        await fired.inherit([key: try #require(earlier)])
        let again = Self.fired(stored.withLock(\.self))
        for alerts in [fired, again] {
            #expect(alerts.marks(of: Self.operation, since: 0).map(\.time) == [1e9, 1e9 + 1])
        }
        stored.withLock { $0 = nil }
        await fired.inherit([key: Array("hostile".utf8)])
        await fired.inherit([:])
        #expect(stored.withLock(\.self) == nil)
        #expect(fired.marks(of: Self.operation, since: 0).count == 2)
    }

    @Test("are forgotten once no plot shows them")
    func forget() {
        let fired = Self.fired()
        for time in [1e9, 1e9 + LatencyTimeline.span + 1] {
            _ = fired.note([Self.alert(.benchmark(Self.operation), .firing(since: time, clearedAt: nil))])
        }
        #expect(fired.marks(of: Self.operation, since: 0).map(\.time) == [1e9 + LatencyTimeline.span + 1])
    }

    @Test(
        "are none where what is stored is no such document",
        arguments: ["", "[]", #"{"version": 2, "firings": []}"#, #"{"version": 1, "firings": [{"since": 1}]}"#]
    )
    func hostile(document: String) {
        #expect(Self.fired(Array(document.utf8)).marks(of: Self.operation, since: 0).isEmpty)
    }
}
