import BenchmarkModel
import ExporterTestSupport
import NIOCore
import Probing

/// A service on a manual clock that takes `latency` for an answer, and answers nothing while it stalls.
struct SimulatedService: Probe {
    let clock: ManualClock
    var latency = Duration.zero
    /// When it begins to stall, and when it goes on, since the clock was made.
    var stall: Range<Duration> = .zero..<(.zero)
    private let asked = AsyncStream.makeStream(of: Void.self)

    init(on clock: ManualClock) {
        self.clock = clock
    }

    /// Returns when it has been asked `count` times more.
    func waitForRequests(_ count: Int = 1) async {
        var requests = asked.stream.makeAsyncIterator()
        for _ in 0..<count { await requests.next() }
    }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        let start = clock.now
        let answer = (stall.contains(start.offset) ? stall.upperBound : start.offset) + latency
        asked.continuation.yield()
        do {
            try await clock.sleep(until: ManualClock.Instant(offset: answer), tolerance: nil)
        } catch {
            throw CancellationError()
        }
        // The event loop of the tests stands at zero, as the clock did when it was made.
        return IterationOutcome(duration: answer - start.offset, endedAt: answer)
    }
}
