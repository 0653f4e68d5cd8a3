import NIOCore
import NIOPosix
import Testing

@testable import Probing

/// Immediate tasks run until they wait, so when the next line runs they stand in the queue.
@Suite("In-flight limit", .timeLimit(.minutes(1))) struct InFlightLimitTests {
    @Test("permits are given in the order in which they were asked for, and never more than there are")
    func order() async throws {
        let limit = limit(2)
        for _ in 0..<2 { #expect(try await limit.acquire(before: .generous)) }
        try await withThrowingTaskGroup(of: Int?.self) { group throws in
            for number in 0..<5 {
                group.addImmediateTask { try await limit.acquire(before: .generous) ? number : nil }
            }
            #expect(try await limit.acquire(before: .now()) == false)
            for number in 0..<5 {
                limit.release()
                #expect(try await group.next() == number)
            }
        }
    }

    @Test("who waits beyond the deadline gets none, and takes none from those behind")
    func deadline() async throws {
        let limit = limit(1)
        #expect(try await limit.acquire(before: .generous))
        try await withThrowingTaskGroup(of: Bool.self) { group throws in
            group.addImmediateTask { try await limit.acquire(before: .now() + .milliseconds(10)) }
            #expect(try await group.next() == false)
            group.addImmediateTask { try await limit.acquire(before: .generous) }
            limit.release()
            #expect(try await group.next() == true)
        }
        limit.release()
        #expect(try await limit.acquire(before: .now()))
    }

    @Test("who is cancelled stops waiting, and takes none from those behind")
    func cancellation() async throws {
        let limit = limit(1)
        #expect(try await limit.acquire(before: .generous))
        try await withThrowingTaskGroup(of: Bool.self) { patient throws in
            await withThrowingTaskGroup(of: Bool.self) { group in
                group.addImmediateTask { try await limit.acquire(before: .generous) }
                patient.addImmediateTask { try await limit.acquire(before: .generous) }
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            limit.release()
            #expect(try await patient.next() == true)
        }
    }

    @Test("another limit holds at once: a higher one lets in who waits, a lower one nobody until enough are back")
    func change() async throws {
        let limit = limit(1)
        #expect(try await limit.acquire(before: .generous))
        try await withThrowingTaskGroup(of: Bool.self) { group throws in
            for _ in 0..<2 { group.addImmediateTask { try await limit.acquire(before: .generous) } }
            limit.limit = 3
            for _ in 0..<2 { #expect(try await group.next() == true) }
            limit.limit = 1
            for _ in 0..<2 { limit.release() }
            #expect(try await limit.acquire(before: .now()) == false)
            group.addImmediateTask { try await limit.acquire(before: .generous) }
            limit.limit = nil
            #expect(try await group.next() == true)
        }
    }

    private func limit(_ limit: Int?) -> InFlightLimit {
        InFlightLimit(limit, eventLoop: MultiThreadedEventLoopGroup.singleton.next())
    }
}
