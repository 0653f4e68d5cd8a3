import Probing
import Synchronization
import UnixSignals

/// SIGINT and SIGTERM while a command works: the first cancels what is being done, the second ends the process at once.
final class Interruption: Sendable {
    private let cancellation = StopSignal()
    private let first = Mutex<ExitStatus?>(nil)
    private let end: @Sendable (ExitStatus) -> Void

    /// `end` is called at the second signal, and is not expected to return.
    init(end: @escaping @Sendable (ExitStatus) -> Void) {
        self.end = end
    }

    /// That of a command which a signal has ended; `nil` where none came.
    var status: ExitStatus? { first.withLock(\.self) }

    /// The result of `work`, during which signals are listened to.
    func listening<Value>(during work: () async throws -> Value) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await signal in signals { self.note(signal) } }
            defer { group.cancelAll() }
            return try await work()
        }
    }

    /// A signal has come.
    func note(_ signal: UnixSignal) {
        let status: ExitStatus = signal == .sigterm ? .terminated : .interrupted
        let isFirst = first.withLock { first in
            defer { first = first ?? status }
            return first == nil
        }
        if isFirst { cancellation.set() } else { end(status) }
    }

    /// What `work` leads to, which the first signal cancels: it then returns what it has, or throws.
    func cancelling<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let result = await cancellation.unlessSet { () -> Result<Value, any Error> in
            do { return .success(try await work()) } catch { return .failure(error) }
        }
        guard let result else { throw CancellationError() }
        return try result.get()
    }
}
