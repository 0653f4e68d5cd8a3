import Logging
import ServiceLifecycle
import UnixSignals

/// Starts the benchmarks, then reloads the configuration on SIGHUP and on request, one reload after the other.
struct Reloading: Service {
    private typealias Request = @Sendable () async -> Void

    private let requests: AsyncStream<Request>
    private let submission: AsyncStream<Request>.Continuation
    private let hangUps: UnixSignalsSequence
    private let start: @Sendable () async -> Void
    private let apply: @Sendable () async -> CommandFailure?

    /// Reloads nothing before the first configuration is taken up.
    ///
    /// That is what `start` does; `apply` loads another one and takes it up, or keeps the old one and says why. `hangUps`
    /// traps SIGHUP.
    init(
        on hangUps: UnixSignalsSequence,
        start: @escaping @Sendable () async -> Void,
        apply: @escaping @Sendable () async -> CommandFailure?
    ) {
        self.hangUps = hangUps
        self.start = start
        self.apply = apply
        (requests, submission) = AsyncStream.makeStream(of: Request.self, bufferingPolicy: .bufferingOldest(16))
    }

    /// Reloads, after the reloads that are already waiting; returns why it failed.
    func reload() async -> CommandFailure? {
        do {
            return try await perform(apply)
        } catch {
            return error
        }
    }

    /// Does `change` after the reloads that are already waiting, so that no two ever overlap; throws why it did not.
    func perform<Value: Sendable>(
        _ change: @escaping @Sendable () async -> Value
    ) async throws(CommandFailure) -> Value {
        let value: Value? = await withCheckedContinuation { continuation in
            guard case .enqueued = submission.yield({ continuation.resume(returning: await change()) }) else {
                continuation.resume(returning: nil)
                return
            }
        }
        guard let value else {
            let reason = "too many reloads are waiting, or the exporter is shutting down"
            throw CommandFailure(message: reason, status: .failure)
        }
        return value
    }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in hangUps.cancelOnGracefulShutdown() {
                    submission.yield { [apply] in _ = await apply() }
                }
                submission.finish()
            }
            await start()
            for await request in requests { await request() }
        }
    }
}
