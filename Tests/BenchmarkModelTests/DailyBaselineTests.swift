import BenchmarkModel
import Foundation
import Testing

@Suite("a baseline for each part of the day") struct DailyBaselineTests {
    private static let midnight = 1_700_006_400.0

    @Test(
        "is that of the time",
        arguments: [
            (1, 0, 0), (1, 86_399, 0), (6, 0, 0), (6, 14_399.9, 0), (6, 14_400, 1), (6, 86_399.999, 5), (6, 86_400, 0),
            (24, 82_800, 23), (7, 86_399.999_9, 6),
        ] as [(Int, Double, Int)]
    )
    func parts(count: Int, second: Double, part: Int) {
        var baseline = DailyBaseline(fingerprint: "f", parts: count)
        let run = BaselineRun(completedAt: 1, values: [1], successes: 1, failures: 0)
        baseline[Self.midnight + second].runs = [run]
        #expect(baseline.parts.map(\.runs.count) == (0..<count).map { $0 == part ? 1 : 0 })
        #expect(baseline.span(of: part).contains(second.truncatingRemainder(dividingBy: 86_400)))
    }

    @Test("is never one that is not there, whatever the clock says and whoever asks for how many")
    func extremes() {
        #expect(DailyBaseline(fingerprint: "f", parts: 0).parts.count == 1)
        #expect(DailyBaseline(fingerprint: "f", parts: 1000).parts.count == 24)
        let baseline = DailyBaseline(fingerprint: "f", parts: 24)
        for time in [-1, .nan, .infinity, -.infinity, 1e300] { #expect(baseline[time].fingerprint == "f") }
    }

    @Test("is stored as it was before there were parts where there is one, and as a list where there are several")
    func coding() throws {
        let state = BaselineState(fingerprint: "f")
        let single = try JSONEncoder().encode(DailyBaseline(state))
        #expect(try JSONDecoder().decode(BaselineState.self, from: single) == state)
        #expect(try JSONDecoder().decode(DailyBaseline.self, from: single) == DailyBaseline(state))
        let several = DailyBaseline(fingerprint: "f", parts: 4)
        #expect(try JSONDecoder().decode(DailyBaseline.self, from: JSONEncoder().encode(several)) == several)
        for hostile in [#"{"parts": []}"#, #"{"parts": 3}"#, "{}"] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(DailyBaseline.self, from: Data(hostile.utf8))
            }
        }
    }

    @Test("has a defect where a part has one, or the parts are of several definitions")
    func defects() {
        var baseline = DailyBaseline(fingerprint: "f", parts: 2)
        #expect(baseline.defect == nil)
        baseline[Self.midnight].fingerprint = "g"
        #expect(baseline.defect == "its parts are of several definitions")
        baseline[Self.midnight].runs = [BaselineRun(completedAt: 1, values: [], successes: 1, failures: 0)]
        #expect(baseline.defect == "a run has 0 values")
    }
}
