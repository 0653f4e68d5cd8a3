import BenchmarkModel
import Recording
import Testing

extension RecorderTests {
    @Test("what was learnt before a store was away comes back without a counter, and only of the same definition")
    func inheriting() async throws {
        let description = Self.description()
        let fingerprint = description.operations[0].fingerprint
        let recorder = Self.recorder()
        await recorder.adopt(try #require(await recorder.prepare(Self.run(.milliseconds(1)))))
        let before = try #require(await recorder.state(of: "chat"))
        var earlier = before
        earlier.epoch = 0
        earlier.operations[0].iterations = [.good: 50]
        earlier.operations[0].baseline = DailyBaseline(fingerprint: "other")
        let finding = { @Sendable (baseline: BaselineState) in
            RegressionFinding(
                state: .degraded,
                latency: nil,
                failures: nil,
                changedAt: nil,
                shift: nil,
                trend: nil,
                learnt: 1,
                baseline: nil,
                baselineSamples: 7
            )
        }
        #expect(await recorder.prepare(inheriting: earlier, finding: finding, now: 1) == nil)
        earlier.operations[0].baseline = DailyBaseline(fingerprint: fingerprint)
        let next = try #require(await recorder.prepare(inheriting: earlier, finding: finding, now: 1))
        #expect(next.version == StateVersion(epoch: before.epoch, sequence: before.sequence + 1))
        #expect(next.operations[0].iterations == before.operations[0].iterations)
        #expect(next.operations[0].baseline == DailyBaseline(fingerprint: fingerprint))
        #expect(next.lastRun?.operations[0].finding?.state == .degraded)
        await recorder.adopt(next)
        #expect(await recorder.prepare(inheriting: earlier, finding: finding, now: 1) == nil)
        earlier.benchmark = "gone"
        #expect(await recorder.prepare(inheriting: earlier, finding: finding, now: 1) == nil)
    }
}
