import BenchmarkModel
import Foundation
import Testing

@Suite struct BenchmarkStateTests {
    @Test("states are ordered by epoch, then by sequence")
    func order() {
        #expect(StateVersion(epoch: 1, sequence: 9) < StateVersion(epoch: 2, sequence: 0))
        #expect(StateVersion(epoch: 2, sequence: 0) < StateVersion(epoch: 2, sequence: 1))
    }

    @Test(
        "numbers that no recorder can have written are a defect",
        arguments: [
            ("a counter is beyond 2^53", Self.changed { $0.operations[0].iterations[.good] = .max }),
            ("a counter is beyond 2^53", Self.changed { $0.operations[0].tokens = [.usage: [.input: 1 << 60]] }),
            ("epoch -1 is not in 0..<2^53", Self.changed { $0.epoch = -1 }),
            ("sequence 9223372036854775807 is not in 0..<2^53", Self.changed { $0.sequence = .max }),
            ("time -1.0 is not a time", Self.changed { $0.lastIntendedAt = -1 }),
            (nil, Self.changed { $0.operations[0].warmupIterations = 12 }),
            (nil, Self.changed { $0.spending = ["assistant": TokenSpending(at: 1000)] }),
        ]
    )
    func defects(expected: String?, state: BenchmarkState) {
        #expect(state.defect == expected)
    }

    @Test(
        "a spending that nobody can have written is a defect",
        arguments: [
            ("hour", "-1"), ("day", "9007199254740992"), ("tokensOfHour", "-5"), ("tokensOfDay", "9007199254740992"),
        ]
    )
    func spending(key: String, value: String) throws {
        let members = ["hour", "day", "tokensOfHour", "tokensOfDay"].map { "\"\($0)\":\($0 == key ? value : "1")" }
        let stored = "{\(members.joined(separator: ","))}"
        let spending = try JSONDecoder().decode(TokenSpending.self, from: Data(stored.utf8))
        let state = Self.changed { $0.spending = ["assistant": spending] }
        #expect(state.defect == "a number of the token spending is not in 0..<2^53")
    }

    @Test("histograms with other boundaries have another shape")
    func shape() {
        func histograms(
            _ milliseconds: Int = 300,
            _ traits: OperationTraits = OperationTraits(model: "m")
        )
            -> BenchmarkHistograms
        {
            BenchmarkHistograms(
                objective: Objective(target: .milliseconds(milliseconds)),
                traits: traits,
                createdAt: Double(milliseconds)
            )
        }
        let base = histograms()
        #expect(base.hasShape(of: histograms(1000)))
        #expect(!base.hasShape(of: histograms(1234)))
        #expect(!base.hasShape(of: histograms(300, OperationTraits())))
        #expect(!base.hasShape(of: histograms(300, OperationTraits(model: "m", isOpenLoop: true))))
        #expect(!base.hasShape(of: histograms(300, OperationTraits(model: "m", waitsForVisibility: true))))
    }

    @Test("an objective reads back as it was, and a target that is no time is refused")
    func objective() throws {
        let objective = Objective(
            metric: .timeToFirstToken,
            statistic: .p99,
            target: .milliseconds(1234),
            errorRatio: 0.2
        )
        let stored = try JSONEncoder().encode(objective)
        #expect(try JSONDecoder().decode(Objective.self, from: stored) == objective)
        let hostile = #"{"metric":"duration","statistic":"p95","target_seconds":1e300,"error_ratio":0}"#
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Objective.self, from: Data(hostile.utf8))
        }
    }

    @Test(
        "a baseline of an earlier state is taken over where there is none of its own yet",
        arguments: [
            (nil, baseline(level: true), true),
            (nil, baseline(level: false), true),
            (baseline(level: false), baseline(level: true), true),
            (baseline(level: false), baseline(runs: 2, level: false), true),
            (baseline(runs: 2, level: false), baseline(level: false), false),
            (baseline(level: true), baseline(runs: 9, level: true), false),
            (baseline(level: false), baseline("other", level: true), false),
            (baseline(level: false), nil, false),
        ] as [(BaselineState?, BaselineState?, Bool)]
    )
    func inheritedBaseline(own: BaselineState?, earlier: BaselineState?, isTaken: Bool) {
        let (own, earlier) = (own.map(DailyBaseline.init), earlier.map(DailyBaseline.init))
        var state = Self.changed { $0.operations[0].baseline = own }
        let baselines = state.inherit(from: Self.changed { $0.operations[0].baseline = earlier })
        #expect(state.operations[0].baseline == (isTaken ? earlier : own))
        #expect(Array(baselines.values) == (isTaken ? [earlier].compactMap(\.self) : []))
    }

    @Test("no counter of an earlier state is taken over, and times only where there are none")
    func inheritedTimes() {
        let earlier = Self.changed { state in
            state.epoch = 9
            state.sequence = 9
            state.lastIntendedAt = 2
            state.operations[0].lastSuccessAt = 3
            state.operations[0].iterations = [.good: 7]
        }
        var state = Self.state
        #expect(state.inherit(from: earlier).isEmpty)
        #expect(
            state
                == Self.changed { state in
                    state.lastIntendedAt = 2
                    state.operations[0].lastSuccessAt = 3
                }
        )
        var later = Self.changed { $0.lastIntendedAt = 5 }
        later.operations[0].lastSuccessAt = 6
        let own = later
        _ = later.inherit(from: earlier)
        #expect(later == own)
    }

    private static func baseline(_ fingerprint: String = "f", runs: Int = 1, level: Bool) -> BaselineState {
        var baseline = BaselineState(fingerprint: fingerprint)
        baseline.runs = Array(
            repeating: BaselineRun(completedAt: 1, values: [0.1], successes: 1, failures: 0),
            count: runs
        )
        if level {
            baseline.level = BaselineLevel(
                values: [0.1],
                deviation: 1,
                runs: runs,
                successes: runs,
                failures: 0,
                startedAt: 1,
                completedAt: 1
            )
        }
        return baseline
    }

    private static let state = BenchmarkState(
        benchmark: "b",
        operations: [
            OperationState(
                identity: BenchmarkIdentity(benchmark: "b", operation: "get", target: "t"),
                objective: Objective(),
                traits: OperationTraits(),
                createdAt: 1
            )
        ],
        epoch: 1
    )

    private static func changed(_ change: (inout BenchmarkState) -> Void) -> BenchmarkState {
        var result = state
        change(&result)
        return result
    }
}
