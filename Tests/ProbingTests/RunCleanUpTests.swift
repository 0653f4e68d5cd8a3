import BenchmarkModel
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Probing

@Suite("Cleaning up after a run", .timeLimit(.minutes(1)))
struct RunCleanUpTests {
    /// A probe that remembers until when it may clean up.
    private final class TidyProbe: Probe {
        let deadline = Mutex(NIODeadline.distantPast)

        func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
            IterationOutcome(duration: .zero)
        }

        func cleanUp(deadline: NIODeadline) async {
            self.deadline.withLock { $0 = deadline }
        }
    }

    @Test("ends at the timeout of an iteration, or before a deadline that is earlier")
    func deadline() async {
        let probe = TidyProbe()
        let run = BenchmarkRun(
            .test(),
            probe: probe,
            nullTarget: FixedProbe(),
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: ContinuousClock()
        )
        let begun = NIODeadline.now()
        await run.cleanUp()
        let usual = probe.deadline.withLock(\.self)
        #expect((begun + .seconds(1)...NIODeadline.now() + .seconds(1)).contains(usual))
        let earlier = begun + .milliseconds(300)
        await run.cleanUp(before: earlier)
        #expect(probe.deadline.withLock(\.self) == earlier)
    }
}
