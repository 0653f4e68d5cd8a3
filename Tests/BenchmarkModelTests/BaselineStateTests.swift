import BenchmarkModel
import Testing

@Suite struct BaselineStateTests {
    @Test("what cannot have been learnt is a defect, and named", arguments: cases)
    func defects(expected: String?, state: BaselineState) {
        #expect(state.defect == expected)
    }

    @Test("worse in either respect is worse, better in either is better, and without a level nothing is known")
    func state() {
        var state = Self.changed { $0.level = nil }
        #expect(state.state == .learning)
        state = Self.changed { $0.latency.change = nil }
        #expect(state.state == .stable)
        state.latency.change = DetectedChange(direction: .improvement, startedAt: 1, size: 1, observations: 1)
        #expect(state.state == .improved)
        state.failures.change = DetectedChange(direction: .degradation, startedAt: 1, size: 1, observations: 1)
        #expect(state.state == .degraded)
    }

    private static let cases: [(String?, BaselineState)] = [
        (nil, changed { _ in }),
        (nil, BaselineState(fingerprint: "")),
        ("its fingerprint has 257 bytes", changed { $0.fingerprint = String(repeating: "a", count: 257) }),
        ("it has 501 runs", changed { $0.runs = Array(repeating: $0.runs[0], count: 501) }),
        ("it has 97 medians", changed { $0.medians = Array(repeating: $0.medians[0], count: 97) }),
        ("its level has 0 values", changed { $0.level?.values = [] }),
        ("its level has 1001 values", changed { $0.level?.values = Array(repeating: 1, count: 1001) }),
        ("nan s is not a latency", changed { $0.level?.values[0] = .nan }),
        ("the values of its level are not in order", changed { $0.level?.values[0] = 9 }),
        ("deviation 0.5 is not in 1..<1e9", changed { $0.level?.deviation = 0.5 }),
        ("deviation nan is not in 1..<1e9", changed { $0.level?.deviation = .nan }),
        ("0 is not a number of runs or iterations", changed { $0.level?.runs = 0 }),
        ("-1 is not a number of runs or iterations", changed { $0.level?.failures = -1 }),
        ("time inf is not a time", changed { $0.level?.completedAt = .infinity }),
        ("time -1.0 is not a time", changed { $0.runs[0].completedAt = -1 }),
        ("a run has 0 values", changed { $0.runs[0].values = [] }),
        ("a run has 11 values", changed { $0.runs[0].values = Array(repeating: 1, count: 11) }),
        ("inf s is not a latency", changed { $0.runs[0].values[1] = .infinity }),
        ("the values of a run are not in order", changed { $0.runs[0].values[0] = 3 }),
        ("a run has 1 successes", changed { $0.runs[0].successes = 1 }),
        ("a run has -1 failures", changed { $0.runs[0].failures = -1 }),
        ("a median of nan s at 1.0 is none", changed { $0.medians[0].seconds = .nan }),
        ("evidence of nan is none", changed { $0.latency.rising.nats = .nan }),
        ("its evidence began at no time", changed { $0.latency.falling.nats = 1 }),
        ("its evidence began at no time", changed { $0.latency.falling.observations = 1 }),
        ("a change by inf is none", changed { $0.latency.change?.size = .infinity }),
        ("a change has 0 observations", changed { $0.latency.change?.observations = 0 }),
        ("time -5.0 is not a time", changed { $0.latency.change?.startedAt = -5 }),
    ]

    private static func changed(_ change: (inout BaselineState) -> Void) -> BaselineState {
        var state = BaselineState(fingerprint: "1")
        state.level = BaselineLevel(
            values: [1, 2],
            deviation: 1,
            runs: 1,
            successes: 2,
            failures: 0,
            startedAt: 1,
            completedAt: 1
        )
        state.runs = [BaselineRun(completedAt: 1, values: [1, 2], successes: 2, failures: 0)]
        state.medians = [RunMedian(completedAt: 1, seconds: 1)]
        state.latency.change = DetectedChange(direction: .degradation, startedAt: 1, size: 1, observations: 1)
        change(&state)
        return state
    }
}
