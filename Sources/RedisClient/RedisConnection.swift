package import NIOCore

/// A connection to a Redis server, ready for commands.
///
/// Commands may be sent from several tasks at the same time: they are pipelined, and each gets its own reply. One that
/// times out or is cancelled closes the connection, as the replies would be out of step, and ends the others in flight.
package final class RedisConnection: Sendable {
    /// How long it took to get ready, without the login.
    package let connectTimes: RedisConnectTimes
    /// The host and the port, for errors.
    let address: String
    private let channel: any Channel
    private let handler: NIOLoopBound<RedisChannelHandler>

    init(
        address: String,
        channel: any Channel,
        handler: NIOLoopBound<RedisChannelHandler>,
        connectTimes: RedisConnectTimes
    ) {
        self.address = address
        self.channel = channel
        self.handler = handler
        self.connectTimes = connectTimes
    }

    deinit {
        guard channel.isActive else { return }
        channel.eventLoop.execute { [handler] in handler.value.close() }
    }

    /// Whether commands can still be sent; false as soon as the server has closed the connection.
    package var isOpen: Bool { channel.isActive }

    /// Closes the connection; commands in flight end with `closed`.
    package func close() async {
        guard channel.isActive else { return }
        channel.eventLoop.execute { [handler] in handler.value.close() }
        try? await channel.closeFuture.get()
    }

    /// Sends a command of UTF-8 words and waits for its reply; see
    /// ``send(_:deadline:ignoringCancellation:)-([[UInt8]],_,_)``.
    package func send(
        _ command: [String],
        deadline: NIODeadline,
        ignoringCancellation: Bool = false
    ) async throws(RedisError) -> RedisExchange {
        try await send(command.map { Array($0.utf8) }, deadline: deadline, ignoringCancellation: ignoringCancellation)
    }

    /// Sends a command, at least one word, and waits for its reply.
    ///
    /// An error that the server reports is a reply like any other. Thrown are `timeout`, at most 100 ms after the
    /// deadline, `cancelled`, `closed`, `protocolViolation`, `tooLarge`, and `invalidCommand` for a command without a
    /// word or with more than 64 MiB. Where the deadline has passed or the task is cancelled already, nothing is sent
    /// and the connection stays open. With `ignoringCancellation` only the deadline limits the wait, for what must be
    /// done in a task that is cancelled already.
    package func send(
        _ command: [[UInt8]],
        deadline: NIODeadline,
        ignoringCancellation: Bool = false
    ) async throws(RedisError) -> RedisExchange {
        let name = String(decoding: (command.first ?? []).prefix(32).prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        guard ignoringCancellation || !Task.isCancelled else {
            throw RedisError(.cancelled, command: name, address: address, detail: RedisError.wasCancelled)
        }
        guard let bytes = RedisCommandEncoder.encode(command) else {
            let detail = "a command has at least one word and at most 64 MiB"
            throw RedisError(.invalidCommand, command: name, address: address, detail: detail)
        }
        let request = RedisChannelHandler.Request(
            name: name,
            bytes: bytes,
            calledAt: .now(),
            deadline: deadline,
            promise: channel.eventLoop.makePromise()
        )
        let reply = request.promise.futureResult
        channel.eventLoop.execute { [handler] in handler.value.send(request) }
        let result = await reply.outcome(ignoringCancellation: ignoringCancellation) { [handler, channel] in
            channel.eventLoop.execute { handler.value.cancel(reply) }
        }
        return try result.get()
    }
}

extension EventLoopFuture where Value: Sendable {
    /// Waits for the future; `cancel`, which is to fail it, is called when the calling task is cancelled.
    ///
    /// What is queued on the event loop before this call runs before what `cancel` queues there. The future fails with
    /// nothing but a `RedisError`.
    func outcome(ignoringCancellation: Bool, cancel: @Sendable () -> Void) async -> Result<Value, RedisError> {
        do {
            guard !ignoringCancellation else { return .success(try await get()) }
            return .success(
                try await withTaskCancellationHandler {
                    try await get()
                } onCancel: {
                    cancel()
                }
            )
        } catch let error as RedisError {
            return .failure(error)
        } catch {
            return .failure(RedisError(.closed, address: "", detail: "\(error)", underlyingError: error))
        }
    }
}
