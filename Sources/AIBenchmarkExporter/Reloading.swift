import Logging
import ServiceLifecycle
import UnixSignals

/// Starts the benchmarks, then reloads the configuration on SIGHUP and on request, one reload after the other.
struct Reloading: Service {
    private struct Request: Sendable {
        /// What to do in the place of a reload.
        var change: (@Sendable () async -> Void)?
        var reply: (@Sendable (CommandFailure?) -> Void)?
    }

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
        await submit(nil)
    }

    /// Does `change` after the reloads that are already waiting, so that no two ever overlap; returns why it did not.
    func perform(_ change: @escaping @Sendable () async -> Void) async -> CommandFailure? {
        await submit(change)
    }

    private func submit(_ change: (@Sendable () async -> Void)?) async -> CommandFailure? {
        await withCheckedContinuation { continuation in
            let result = submission.yield(Request(change: change) { continuation.resume(returning: $0) })
            guard case .enqueued = result else {
                let reason = "too many reloads are waiting, or the exporter is shutting down"
                continuation.resume(returning: CommandFailure(message: reason, status: .failure))
                return
            }
        }
    }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in hangUps.cancelOnGracefulShutdown() {
                    submission.yield(Request())
                }
                submission.finish()
            }
            await start()
            for await request in requests {
                var failure: CommandFailure?
                if let change = request.change { await change() } else { failure = await apply() }
                request.reply?(failure)
            }
        }
    }
}
