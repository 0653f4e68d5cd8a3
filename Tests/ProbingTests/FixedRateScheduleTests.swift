import ExporterConfiguration
import ExporterTestSupport
import Probing
import Testing

@Suite struct FixedRateScheduleTests {
    private typealias Schedule = FixedRateSchedule<ManualClock.Instant>

    @Test("slots stay on the grid, however long the runs take")
    func fixedRate() {
        var schedule = Self.schedule(.skip)
        for slot in 0..<5 {
            let due = Self.at(100 + 10 * slot)
            #expect(schedule.nextStart == due)
            #expect(schedule.begin(at: due.advanced(by: .milliseconds(3))) == .init(intended: due, missedSlots: 0))
            #expect(schedule.end(at: due.advanced(by: .seconds(9))) == 0)
        }
    }

    @Test("slots that pass during a run are left out, and counted")
    func overlapSkipped() {
        var schedule = Self.schedule(.skip)
        _ = schedule.begin(at: Self.at(100))
        #expect(schedule.end(at: Self.at(135)) == 3)
        #expect(schedule.nextStart == Self.at(140))
    }

    @Test("a run that ends just at a slot has overlapped it")
    func overlapOnTheSlot() {
        var schedule = Self.schedule(.skip)
        _ = schedule.begin(at: Self.at(100))
        #expect(schedule.end(at: Self.at(110)) == 1)
    }

    @Test("with a queue the first slot that passed is run late, and the others are left out")
    func overlapQueued() {
        var schedule = Self.schedule(.queue)
        _ = schedule.begin(at: Self.at(100))
        #expect(schedule.end(at: Self.at(135)) == 2)
        #expect(schedule.nextStart == Self.at(110))
        #expect(schedule.begin(at: Self.at(135)) == .init(intended: Self.at(110), missedSlots: 0))
        #expect(schedule.end(at: Self.at(139)) == 0)
        #expect(schedule.nextStart == Self.at(140))
    }

    @Test("slots that pass while nothing can start a run are missed, and the last of them is run late")
    func missed() {
        var schedule = Self.schedule(.skip)
        _ = schedule.begin(at: Self.at(100))
        #expect(schedule.end(at: Self.at(101)) == 0)
        #expect(schedule.begin(at: Self.at(147)) == .init(intended: Self.at(140), missedSlots: 3))
        #expect(schedule.nextStart == Self.at(150))
    }

    @Test("every slot is run, missed or left out, whatever happens", arguments: OverlapPolicy.allCases)
    func conservation(overlap: OverlapPolicy) {
        var random = SystemRandomNumberGenerator()
        var schedule = Self.schedule(overlap)
        var now = Self.at(0)
        var started = 0
        var left = 0
        for _ in 0..<1000 {
            now = max(now, schedule.nextStart).advanced(by: .milliseconds(.random(in: 0...30_000, using: &random)))
            let start = schedule.begin(at: now)
            started += 1
            left += start.missedSlots
            now = now.advanced(by: .milliseconds(.random(in: 0...30_000, using: &random)))
            left += schedule.end(at: now)
        }
        // Begins on the grid at 100 s with a slot each 10 s; a queued slot still waits.
        let slots = Int(Self.at(100).duration(to: now) / .seconds(10)) + 1
        let waiting = schedule.nextStart <= now ? 1 : 0
        #expect(started + left + waiting == slots)
    }

    @Test(
        "the first start is spread over the jitter or a tenth of the interval, whichever is less",
        arguments: [(60, 5, 0.5, 2.5), (60, 30, 0.5, 3.0), (60, 5, 0.0, 0.0), (60, 5, 1.0, 5.0)]
    )
    func jitter(interval: Int, startJitter: Int, jitter: Double, expected: Double) {
        let delay = FirstStart.delay(
            now: 5000,
            lastIntendedAt: nil,
            interval: .seconds(interval),
            startJitter: .seconds(startJitter),
            jitter: jitter
        )
        #expect(delay == .milliseconds(Int(expected * 1000)))
    }

    @Test(
        "after a restart the schedule keeps its phase",
        arguments: [(1000.0, 1003.0, 7), (1000.0, 1010.0, 10), (1000.0, 1234.0, 6)]
    )
    func phase(lastIntendedAt: Double, now: Double, expected: Int) {
        let delay = FirstStart.delay(
            now: now,
            lastIntendedAt: lastIntendedAt,
            interval: .seconds(10),
            startJitter: .seconds(5),
            jitter: 0.5
        )
        #expect(delay == .seconds(expected))
    }

    @Test("a last start in the future, after the clock was set back, is no phase to keep")
    func clockSetBack() {
        let delay = FirstStart.delay(
            now: 1000,
            lastIntendedAt: 5000,
            interval: .seconds(60),
            startJitter: .seconds(4),
            jitter: 1
        )
        #expect(delay == .seconds(4))
    }

    private static func schedule(_ overlap: OverlapPolicy) -> Schedule {
        Schedule(first: at(100), interval: .seconds(10), overlap: overlap)
    }

    private static func at(_ seconds: Int) -> ManualClock.Instant {
        ManualClock.Instant(offset: .seconds(seconds))
    }
}
