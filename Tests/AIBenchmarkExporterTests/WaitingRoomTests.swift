import ExporterTestSupport
import Probing
import Testing

@testable import AIBenchmarkExporter

@Suite("waiting for the end of a suite", .timeLimit(.minutes(1))) struct WaitingRoomTests {
    private let clock = ManualClock()

    @Test("who waits goes on at the end, or when the time is over")
    func bounded() async {
        let room = WaitingRoom(clock: clock)
        let signal = StopSignal()
        await withDiscardingTaskGroup { group in
            group.addTask { await room.wait(for: signal) }
            await clock.waitForSleepers()
            clock.advance(by: WaitingRoom.patience)
        }
        #expect(!signal.isSet)
        await withDiscardingTaskGroup { group in
            group.addTask { await room.wait(for: signal) }
            await clock.waitForSleepers()
            signal.set()
        }
    }

    @Test("beyond a number nobody waits, until others are done")
    func full() async {
        let room = WaitingRoom(clock: clock)
        let signal = StopSignal()
        await withDiscardingTaskGroup { group in
            for _ in 0..<WaitingRoom.capacity { group.addTask { await room.wait(for: signal) } }
            await clock.waitForSleepers(WaitingRoom.capacity)
            await room.wait(for: signal)
            signal.set()
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await room.wait(for: StopSignal()) }
            await clock.waitForSleepers()
            clock.advance(by: WaitingRoom.patience)
        }
    }
}
