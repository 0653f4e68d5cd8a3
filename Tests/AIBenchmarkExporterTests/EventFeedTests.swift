import ExporterConfiguration
import ExporterServer
import ExporterTestSupport
import Logging
import ServiceLifecycle
import Testing

@testable import AIBenchmarkExporter

@Suite("the feed of events", .timeLimit(.minutes(1))) struct EventFeedTests {
    private static let request = ServerRequest(method: "GET", path: "/")
    private let clock = ManualClock()

    private struct Value: Encodable {
        var someNumber: Int
        var text = "line\nline"
    }

    private struct Listener {
        private var pieces: AsyncStream<[UInt8]>.Iterator

        init(_ feed: EventFeed) throws {
            let response = try feed.listen(EventFeedTests.request)
            #expect(response.status == 200)
            #expect(response.contentType == "text/event-stream")
            #expect(response.headers.first { $0.name == "Cache-Control" }?.value == "no-store")
            pieces = try #require(response.pieces).makeAsyncIterator()
        }

        /// The next piece as text; `nil` where there is none any more.
        mutating func next() async -> String? {
            await pieces.next(isolation: #isolation).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test("everybody who listens is told, in lines that nothing can break")
    func event() async throws {
        let feed = EventFeed(clock: clock)
        var listeners = [try Listener(feed), try Listener(feed)]
        feed.publish(.manualRun, Value(someNumber: 1))
        for index in listeners.indices {
            #expect(await listeners[index].next() == "retry: 5000\n\n")
            let event = await listeners[index].next()
            #expect(event == "event: manual_run\ndata: {\"some_number\":1,\"text\":\"line\\nline\"}\n\n")
        }
    }

    @Test("when other tokens hold all streams end, and with the same ones none does")
    func revoked() async throws {
        let token = TokenDefinition(name: "viewer", role: .read, sha256: Array(repeating: 1, count: 32))
        let feed = EventFeed(clock: clock)
        feed.adopt(APIDefinition(tokens: [token]))
        var listener = try Listener(feed)
        feed.adopt(APIDefinition(tokens: [token]))
        feed.publish(.run, Value(someNumber: 1))
        #expect(await listener.next() == "retry: 5000\n\n")
        #expect(await listener.next()?.hasPrefix("event: run") == true)
        feed.adopt(APIDefinition())
        #expect(await listener.next() == nil)
    }

    @Test("who does not read is let go, with all that waited for him, and others notice nothing")
    func slowListener() async throws {
        let feed = EventFeed(clock: clock)
        var slow = try Listener(feed)
        var quick = try Listener(feed)
        #expect(await quick.next() == "retry: 5000\n\n")
        for number in 1...EventFeed.bufferedEvents + 10 {
            feed.publish(.run, Value(someNumber: number))
            #expect(await quick.next()?.contains("\"some_number\":\(number),") == true)
        }
        #expect(await slow.next() == "retry: 5000\n\n")
        for number in 1..<EventFeed.bufferedEvents {
            #expect(await slow.next()?.contains("\"some_number\":\(number),") == true)
        }
        #expect(await slow.next() == nil)
    }

    @Test("no more may listen than a fixed number; whoever goes makes room")
    func capacity() async throws {
        let feed = EventFeed(clock: clock)
        var listeners = try (0..<EventFeed.capacity).map { _ in try feed.listen(Self.request) }
        #expect {
            try feed.listen(Self.request)
        } throws: { error in
            (error as? APIProblem).map { $0.status == 503 && $0.headers.map(\.name) == ["Retry-After"] } ?? false
        }
        // A listener is gone when its stream is read no more.
        listeners.removeLast()
        _ = try feed.listen(Self.request)
        #expect(listeners.count == EventFeed.capacity - 1)
    }

    @Test("a silent feed says every 15 s that it is there, and a shutdown ends it")
    func heartbeat() async throws {
        let feed = EventFeed(clock: clock)
        var pieces = try Listener(feed)
        #expect(await pieces.next() == "retry: 5000\n\n")
        let quiet = Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(configuration: .init(services: [feed], logger: quiet))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            for _ in 1...2 {
                await clock.waitForSleepers()
                clock.advance(by: .seconds(15))
                #expect(await pieces.next() == ":\n\n")
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(await pieces.next() == nil)
    }
}
