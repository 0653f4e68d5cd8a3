import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOEmbedded
import NIOPosix
import Synchronization
import Testing

@testable import Probing

@Suite("The floor of a run", .timeLimit(.minutes(1)))
struct MeasurementFloorTests {
    @Test(
        "a run is valid up to a tenth of its target, wherever among its iterations the exporter was slow",
        arguments: [
            ([500, 10, 10, 10], true), ([0, 30, 30, 30], true), ([0, 31, 0, 0], false), ([0, 0, 31, 0], false),
            ([0, 0, 0, 31], false),
        ]
    )
    func validity(milliseconds: [Int], isValid: Bool) async {
        let floors = milliseconds.map { Duration.milliseconds($0) }
        let nullTarget = FixedProbe(floors[0], floors[1], floors[2], floors[3])
        let definition = BenchmarkDefinition.test(
            iterations: 4,
            objective: Objective(target: .milliseconds(300))
        )
        let run = BenchmarkRun(
            definition,
            probe: FixedProbe(.milliseconds(20)),
            nullTarget: nullTarget,
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: ContinuousClock()
        )
        let floor = await run.measure().floor
        #expect(floor?.duration == floors.dropFirst().max())
        #expect((floor?.objection(to: definition.operations[0].objective) == nil) == isValid)
        #expect(nullTarget.count == FloorSampling.limit)
    }

    @Test("the null target is asked before the warm-up, in the middle of the iterations and after them")
    func order() async {
        let log = Mutex("")
        let run = BenchmarkRun(
            .test(iterations: 4, warmup: 1),
            probe: FixedProbe { _ in log.withLock { $0 += "i" } },
            nullTarget: FixedProbe { _ in log.withLock { $0 += "n" } },
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: ContinuousClock()
        )
        _ = await run.measure()
        #expect(log.withLock(\.self) == "nniiiniin")
    }

    @Test("the time that is spent on the null target is not that of the iterations", arguments: [1, 4])
    func elapsed(concurrency: Int) async {
        let clock = ManualClock()
        let run = BenchmarkRun(
            .test(iterations: 4, concurrency: concurrency),
            probe: FixedProbe(),
            nullTarget: FixedProbe { _ in clock.advance(by: .seconds(concurrency)) },
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: clock
        )
        let elapsed = await run.measure().elapsed
        // With several workers the others could have gone on meanwhile.
        #expect(elapsed == .seconds(concurrency - 1))
    }

    @Test("a probe that cannot be prepared does not keep the floor from being known")
    func failedPreparation() async {
        let run = BenchmarkRun(
            .test(iterations: 2),
            probe: FailingProbe(preparationFailure: IterationFailure(.connect, "refused")),
            nullTarget: FixedProbe(.milliseconds(3)),
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: ContinuousClock()
        )
        let result = await run.measure()
        #expect(result.iterations.count == 2)
        #expect(result.isComplete)
        #expect(result.floor?.duration == .milliseconds(3))
    }

    @Test("a stall of the event loop between two exchanges is the floor too")
    func stall() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let stalled = FixedProbe { _ in
            let until = NIODeadline.now() + .milliseconds(200)
            try? eventLoop.submit { while NIODeadline.now() < until {} }.wait()
        }
        let run = BenchmarkRun(
            .test(iterations: 1, objective: Objective(target: .seconds(1))),
            probe: stalled,
            nullTarget: FixedProbe(),
            eventLoop: eventLoop,
            clock: ContinuousClock()
        )
        let floor = try #require(await run.measure().floor)
        // Of the 200 ms at most one interval of the watch is not seen, a twentieth of the target.
        #expect(floor.duration >= .milliseconds(149))
        #expect(floor.objection(to: Objective(target: .seconds(1))) != nil)
        try await group.shutdownGracefully()
    }

    @Test("the null target answers over a socket, on one connection for one exchange after another")
    func nullTarget() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let nullTarget = try await NullTarget.bind(on: eventLoop, resolver: NameResolver())
        for index in 0..<3 {
            let outcome = try await nullTarget.execute(deadline: .generous)
            #expect(outcome.failure == nil)
            #expect(outcome.duration > .zero)
            #expect(outcome.phases.keys.contains(.connect) == (index == 0))
        }
    }
}
