import ExporterConfiguration
import ExporterServer
import ServiceLifecycle
import Synchronization

/// `GET /benchmarks/events`: what happens, as server-sent events
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html), to everybody who listens.
///
/// Each listener has a buffer of its own; whoever lets it fill up is let go and comes back by itself, so a slow one costs
/// neither memory nor anybody's time.
final class EventFeed: Service {
    /// The most who listen at once.
    static let capacity = 64
    /// The most that waits for one of them.
    static let bufferedEvents = 256
    /// Proxies close what is silent for longer than 30 to 60 s.
    static let heartbeat = Duration.seconds(15)

    private struct State {
        var listeners: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
        var count = 0
        var access: APIDefinition?
    }

    private let state = Mutex(State())
    private let clock: any Clock<Duration>

    init(clock: any Clock<Duration> = ContinuousClock()) {
        self.clock = clock
    }

    /// What kind of thing has happened.
    enum Kind: String {
        case run
        case manualRun = "manual_run"
        case alerts
        case continuous
    }

    /// Tells everybody; costs nothing while nobody listens.
    func publish(_ kind: Kind, _ value: @autoclosure () -> some Encodable) {
        guard state.withLock({ !$0.listeners.isEmpty }) else { return }
        let data = JSONAnswer.encode(value())
        send(Array("event: \(kind.rawValue)\ndata: ".utf8) + data + [0x0A, 0x0A])
    }

    /// Sends heartbeats until the graceful shutdown, which ends all streams.
    func run() async {
        await cancelWhenGracefulShutdown {
            while (try? await self.clock.sleep(for: Self.heartbeat)) != nil { self.send(Array(":\n\n".utf8)) }
        }
        endStreams()
    }

    /// Takes note of who may listen: where that has changed all streams end, and who still may comes back by himself.
    func adopt(_ access: APIDefinition) {
        let hasChanged = state.withLock { state in
            defer { state.access = access }
            return state.access != nil && state.access != access
        }
        if hasChanged { endStreams() }
    }

    private func endStreams() {
        let listeners = state.withLock { state in
            defer { state.listeners = [:] }
            return state.listeners.values
        }
        for listener in listeners { listener.finish() }
    }

    func listen(_ request: ServerRequest) throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let (stream, continuation) = AsyncStream.makeStream(
            of: [UInt8].self,
            bufferingPolicy: .bufferingOldest(Self.bufferedEvents)
        )
        let id = state.withLock { state -> Int? in
            guard state.listeners.count < Self.capacity else { return nil }
            state.count += 1
            state.listeners[state.count] = continuation
            return state.count
        }
        guard let id else {
            throw APIProblem(503, "as many listen as may at once", headers: [("Retry-After", "10")])
        }
        continuation.onTermination = { _ in
            _ = self.state.withLock { $0.listeners.removeValue(forKey: id) }
        }
        continuation.yield(Array("retry: 5000\n\n".utf8))
        var response = ServerResponse(
            status: 200,
            contentType: "text/event-stream",
            headers: [("Cache-Control", "no-store")],
            body: []
        )
        response.pieces = stream
        return response
    }

    private func send(_ bytes: [UInt8]) {
        for listener in state.withLock({ $0.listeners.values }) {
            if case .dropped = listener.yield(bytes) { listener.finish() }
        }
    }
}
