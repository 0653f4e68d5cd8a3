import BenchmarkModel
import Foundation
import Testing

@testable import Alerting

@Suite("State of an alert") struct AlertStateTests {
    private static let settings = AlertSettings(hold: .seconds(300), keepFiring: .seconds(120), severity: .critical)

    /// What an observation at each moment has changed.
    private func changes(
        _ observations: [(time: Double, holds: Bool, runs: Double?)],
        _ settings: AlertSettings = settings
    ) -> [AlertState.Change?] {
        var state = AlertState()
        return observations.map { state.observe($0.holds, at: $0.time, runs: $0.runs, settings) }
    }

    @Test("it fires once the condition has held for its time, and over two runs")
    func fires() {
        #expect(
            changes([(0, true, 1), (299, true, 2), (300, true, 2), (301, true, 3)]) == [.pending, nil, .firing, nil]
        )
        #expect(changes([(0, true, 1), (600, true, 1), (700, true, 2)]) == [.pending, nil, .firing])
        #expect(changes([(0, true, nil), (300, true, nil)]) == [.pending, .firing])
        #expect(changes([(0, true, 500), (300, true, 0), (310, true, 1)]) == [.pending, nil, .firing])
    }

    @Test("it fires at once where there is nothing to wait for")
    func firesAtOnce() {
        let atOnce = AlertSettings(hold: .zero, keepFiring: .zero, severity: .info)
        #expect(changes([(0, true, nil)], atOnce) == [.firing])
        #expect(changes([(0, true, 1), (1, true, 2)], atOnce) == [.pending, .firing])
    }

    @Test("a condition that ceases before the alert fires begins anew")
    func cancelled() {
        let result = changes([(0, true, 1), (200, false, 2), (210, true, 3), (400, true, 9), (510, true, 10)])
        #expect(result == [.pending, .cancelled, .pending, nil, .firing])
    }

    @Test("it goes on firing for a while after the condition has ceased, and does not flap")
    func keepsFiring() {
        let fired: [(Double, Bool, Double?)] = [(0, true, nil), (300, true, nil)]
        let flapping =
            fired + [(310, false, nil), (400, true, nil), (410, false, nil), (529, false, nil), (530, false, nil)]
        #expect(changes(flapping) == [.pending, .firing, nil, nil, nil, nil, .resolved])
    }

    @Test("a resolved alert is remembered for five minutes, and may fire again")
    func resolved() {
        var state = AlertState()
        let atOnce = AlertSettings(hold: .zero, keepFiring: .zero, severity: .info)
        #expect(state.observe(true, at: 10, runs: nil, atOnce) == .firing)
        #expect(state.observe(false, at: 20, runs: nil, atOnce) == .resolved)
        #expect(state.observe(false, at: 320, runs: nil, atOnce) == nil)
        #expect(state.phase == .resolved(since: 10, at: 20))
        #expect(state.observe(false, at: 321, runs: nil, atOnce) == nil)
        #expect(state.phase == .inactive)
        #expect(state.observe(true, at: 330, runs: nil, atOnce) == .firing)
    }

    @Test("a clock that is set back delays an alert by its time at most")
    func clockSetBack() {
        #expect(changes([(10_000, true, nil), (50, true, nil), (350, true, nil)]) == [.pending, nil, .firing])
        #expect(
            changes([(0, true, nil), (300, true, nil), (310, false, nil), (20, false, nil), (140, false, nil)])
                == [.pending, .firing, nil, nil, .resolved]
        )
    }

    @Test("it is retired once, whatever it was")
    func retired() {
        var state = AlertState()
        #expect(state.retire(at: 0) == nil)
        #expect(state.observe(true, at: 0, runs: nil, Self.settings) == .pending)
        #expect(state.retire(at: 1) == .cancelled)
        #expect(state.observe(true, at: 2, runs: nil, Self.settings) == .pending)
        #expect(state.observe(true, at: 302, runs: nil, Self.settings) == .firing)
        #expect(state.retire(at: 303) == .resolved)
        #expect(state.retire(at: 304) == nil)
    }

    @Test("stored and read again it is the same, in every phase")
    func stored() throws {
        var state = AlertState()
        for (time, holds) in [(0.5, false), (1, true), (301, true), (310, false), (430, false)] {
            _ = state.observe(holds, at: time, runs: nil, Self.settings)
            let data = try JSONEncoder().encode(state)
            #expect(try JSONDecoder().decode(AlertState.self, from: data) == state)
        }
    }
}
