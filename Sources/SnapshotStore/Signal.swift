/// Wakes the one task that iterates over `events`; raised any number of times while it works, it wakes it once more.
struct Signal: Sendable {
    /// Ends after `finish`, or when the iterating task is cancelled.
    let events: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func raise() {
        continuation.yield()
    }

    func finish() {
        continuation.finish()
    }
}
