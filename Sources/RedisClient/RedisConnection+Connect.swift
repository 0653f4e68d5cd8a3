package import NIOCore

extension RedisConnection {
    /// Looks the host up, connects, does the TLS handshake, logs in and selects the database, all within the deadline.
    ///
    /// The addresses of the host are tried in their order, each with its share of the time that is left; only those
    /// that cannot be connected to are passed over. Thrown are `nameResolution`, `connect`, `tls`, `authentication`,
    /// `database`, `timeout` (at most 100 ms after the deadline, if the lookup keeps it), `cancelled`, and for the
    /// login what ``send(_:deadline:ignoringCancellation:)`` throws. With `ignoringCancellation` only the deadline
    /// limits the wait.
    package static func connect(
        to address: RedisAddress,
        on eventLoop: any EventLoop,
        lookup: RedisNameLookup,
        limits: RedisReplyLimits = .standard,
        deadline: NIODeadline,
        ignoringCancellation: Bool = false
    ) async throws(RedisError) -> RedisConnection {
        let startedAt = NIODeadline.now()
        let socketAddresses = try await resolve(address, lookup, deadline, ignoringCancellation)
        let nameResolution = address.needsNoLookup ? nil : Duration(.now() - startedAt)
        let tls = try await makeTLSClient(for: address)
        var remaining = socketAddresses.count
        while true {
            do throws(RedisError) {
                let connection = try await attempt(
                    RedisConnectionAttempt.Plan(
                        endpoint: address.endpoint,
                        socketAddress: socketAddresses[socketAddresses.count - remaining],
                        tls: tls,
                        limits: limits,
                        deadline: share(of: deadline, among: remaining),
                        nameResolution: nameResolution
                    ),
                    on: eventLoop,
                    ignoringCancellation: ignoringCancellation
                )
                try await connection.logIn(to: address, deadline: deadline, ignoringCancellation: ignoringCancellation)
                return connection
            } catch {
                remaining -= 1
                let isUnreachable = error.code == .connect || (error.code == .timeout && error.command == nil)
                guard isUnreachable, remaining > 0, NIODeadline.now() < deadline else { throw error }
            }
        }
    }

    private static func resolve(
        _ address: RedisAddress,
        _ lookup: RedisNameLookup,
        _ deadline: NIODeadline,
        _ ignoringCancellation: Bool
    ) async throws(RedisError) -> [SocketAddress] {
        let startedAt = NIODeadline.now()
        var found: [SocketAddress] = []
        var failure: (any Error)?
        do {
            if let path = address.socketPath { return [try SocketAddress(unixDomainSocketPath: path)] }
            found = try await lookup(address.host, address.port, deadline)
        } catch {
            failure = error
        }
        guard ignoringCancellation || !Task.isCancelled else {
            throw RedisError(.cancelled, address: address.endpoint, detail: RedisError.wasCancelled)
        }
        guard found.isEmpty else { return found }
        let isLate = NIODeadline.now() >= deadline
        throw RedisError(
            isLate ? .timeout : .nameResolution,
            address: address.endpoint,
            detail: isLate
                ? RedisError.timedOut(after: .now() - startedAt)
                : failure.map { "\($0)" } ?? "the name has no address",
            underlyingError: failure
        )
    }

    /// Reads the files off the caller's actor, as that may take tens of milliseconds.
    @concurrent
    private static func makeTLSClient(for address: RedisAddress) async throws(RedisError) -> RedisTLSClient? {
        guard let tls = address.tls else { return nil }
        do {
            return try RedisTLSClient(tls, host: address.host)
        } catch {
            throw RedisError(.tls, address: address.endpoint, detail: "\(error)", underlyingError: error)
        }
    }

    private static func attempt(
        _ plan: RedisConnectionAttempt.Plan,
        on eventLoop: any EventLoop,
        ignoringCancellation: Bool
    ) async throws(RedisError) -> RedisConnection {
        let promise = eventLoop.makePromise(of: RedisConnection.self)
        let attempt = NIOLoopBoundBox.makeBoxSendingValue(
            RedisConnectionAttempt(plan, promise: promise),
            eventLoop: eventLoop
        )
        eventLoop.execute { attempt.value.start(on: eventLoop) }
        let result = await promise.futureResult.outcome(ignoringCancellation: ignoringCancellation) {
            eventLoop.execute { attempt.value.cancel() }
        }
        return try result.get()
    }

    private static func share(of deadline: NIODeadline, among count: Int) -> NIODeadline {
        let now = NIODeadline.now()
        return now + .nanoseconds((deadline - now).nanoseconds / Int64(count))
    }

    private func logIn(
        to address: RedisAddress,
        deadline: NIODeadline,
        ignoringCancellation: Bool
    ) async throws(RedisError) {
        if address.username != nil || address.password != nil {
            let command = ["AUTH"] + [address.username, address.password ?? ""].compactMap(\.self)
            try await logIn(with: command, orThrow: .authentication, deadline, ignoringCancellation)
        }
        if address.database != 0 {
            try await logIn(
                with: ["SELECT", "\(address.database)"],
                orThrow: .database,
                deadline,
                ignoringCancellation
            )
        }
    }

    /// Sends one command of the login; the text of an error reply is not repeated, as it may hold the password.
    private func logIn(
        with command: [String],
        orThrow code: RedisError.Code,
        _ deadline: NIODeadline,
        _ ignoringCancellation: Bool
    ) async throws(RedisError) {
        let exchange = try await send(command, deadline: deadline, ignoringCancellation: ignoringCancellation)
        guard exchange.reply != .status("OK") else { return }
        await close()
        let errorCode = exchange.reply.errorCode
        throw RedisError(
            errorCode == "NOAUTH" ? .authentication : code,
            command: command.first,
            address: self.address,
            detail: errorCode.map { "the server answered \($0)" } ?? "the server did not answer OK"
        )
    }
}
