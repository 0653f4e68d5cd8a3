package import Logging
import Synchronization

/// The messages that were logged above `debug`, with their level.
package final class LogLines: LogHandler, Sendable {
    private struct State {
        var lines: [String] = []
        var waiters: [(line: String, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var lines: [String] { state.withLock(\.lines) }
    package var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    package var logLevel: Logger.Level {
        get { .info }
        set {}
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    package func log(event: LogEvent) {
        let line = "\(event.level): \(event.message)"
        let woken = state.withLock { state in
            state.lines.append(line)
            let woken = state.waiters.filter { $0.line == line }
            state.waiters.removeAll { $0.line == line }
            return woken
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Waits until `line` has been logged.
    package func wait(for line: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.lines.contains(line) { return true }
                state.waiters.append((line, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
