import BenchmarkModel
package import NIOCore
package import RedisClient

/// Reads the keys of an instance in Redis, which another process may be writing at the same time.
///
/// The history is one stream for all benchmarks, in the order in which runs were stored; so one benchmark's is picked out
/// of everything, a bounded part of it for each page.
package struct RedisSnapshotReader: SnapshotReader {
    /// The most entries of the stream that one page looks at: a script keeps everybody else waiting.
    private static let scanLimit = 10_000
    /// How far the clocks of the exporter and of the server may be apart, in seconds.
    private static let clockTolerance = 300.0
    /// The most fields of the state that are read.
    private static let maximumFields = 10_000

    let address: RedisAddress
    let keys: RedisKeys
    private let lookup: RedisNameLookup
    private let eventLoop: any EventLoop
    private let operationTimeout: Duration

    /// A reader of `instance` at `address`; a call that takes longer than `operationTimeout` has timed out.
    package init(
        address: RedisAddress,
        instance: String,
        lookup: @escaping RedisNameLookup,
        eventLoop: any EventLoop,
        operationTimeout: Duration = .seconds(5)
    ) {
        self.address = address
        keys = RedisKeys(instance: instance)
        self.lookup = lookup
        self.eventLoop = eventLoop
        self.operationTimeout = operationTimeout
    }

    package func runs(_ query: RunQuery) async throws(StoreError) -> RunPage {
        // An entry is never older than its run, so what is older than this was stored before.
        let oldest = milliseconds(query.since - Self.clockTolerance)
        let end = query.before.map { "(\($0.major)-\($0.minor)" } ?? "+"
        let limits = [query.limit, Self.scanLimit, RunQuery.pageBytes, StoredValue.maximumSize].map(String.init)
        let filter = query.benchmark.map { ["1", $0] } ?? ["0", ""]
        let reply = try await exchange { send throws(StoreError) in
            try await send(["EVAL", RedisScripts.history, "1", keys.runs, end, "\(oldest)"] + limits + filter)
        }
        guard case .array(let answer) = reply, answer.count == 2, case .array(let entries) = answer[1] else {
            throw unexpected
        }
        var page = RunPage()
        page.next = answer[0].text.flatMap(RunPosition.init(streamID:))
        for index in stride(from: 0, to: entries.count - 1, by: 2) {
            guard let position = entries[index].text.flatMap(RunPosition.init(streamID:)) else { throw unexpected }
            if case .bulk(let value) = entries[index + 1] {
                page.add(value, at: position, for: query)
            } else {
                page.add(nil, at: position, for: query)
            }
        }
        return page
    }

    package func states() async throws(StoreError) -> StoredStates {
        try await exchange { send throws(StoreError) in
            var result = StoredStates()
            guard case .array(let names) = try await send(["HKEYS", keys.state]) else { throw unexpected }
            for name in names.prefix(Self.maximumFields).compactMap(\.text) {
                guard case .integer(let length) = try await send(["HSTRLEN", keys.state, name]) else {
                    throw unexpected
                }
                var stored = Result<StoredState, RefusedFormat>.failure(.tooLong(length))
                if length <= StoredValue.maximumSize {
                    // One that has gone in between is none.
                    guard case .bulk(let value) = try await send(["HGET", keys.state, name]) else { continue }
                    stored = StoredValue.decodeState(value, of: name)
                }
                switch stored {
                case .success(let stored): result.states[name] = stored.state
                case .failure(let refusal):
                    result.refused.append(RefusedValue(subject: name, reason: refusal.reason))
                }
            }
            return result
        }
    }
}

// MARK: Connection

extension RedisSnapshotReader {
    typealias Send = ([String]) async throws(StoreError) -> RedisValue

    /// Does `body` on a connection of its own.
    func exchange<Value>(_ body: (Send) async throws(StoreError) -> Value) async throws(StoreError) -> Value {
        let deadline = NIODeadline.now() + .nanoseconds(operationTimeout.nanoseconds)
        let connection: RedisConnection
        do throws(RedisError) {
            connection = try await .connect(to: address, on: eventLoop, lookup: lookup, deadline: deadline)
        } catch let failure {
            throw error(failure)
        }
        let result: Result<Value, StoreError>
        do throws(StoreError) {
            let value = try await body { command throws(StoreError) in
                let reply: RedisValue
                do throws(RedisError) {
                    reply = try await connection.send(command, deadline: deadline).reply
                } catch let failure {
                    throw error(failure)
                }
                guard let code = reply.errorCode else { return reply }
                throw error(.failed, "the server reported \(code)")
            }
            result = .success(value)
        } catch {
            result = .failure(error)
        }
        await connection.close()
        return try result.get()
    }

    var unexpected: StoreError {
        error(.failed, "the server gave an answer of the wrong type")
    }

    private func error(_ failure: RedisError) -> StoreError {
        switch failure.code {
        case .timeout: error(.timedOut, "no answer within \(operationTimeout.seconds) s", failure)
        case .cancelled: error(.timedOut, "no answer before the end", failure)
        case .nameResolution, .connect, .tls, .authentication, .database, .protocolViolation, .tooLarge, .closed,
            .invalidCommand:
            error(.failed, failure.detail, failure)
        }
    }

    private func error(_ code: StoreError.Code, _ answer: String, _ underlyingError: (any Error)? = nil) -> StoreError {
        StoreError(code, .read, of: "\(address)", answer: answer, underlyingError: underlyingError)
    }
}

extension RunPosition {
    /// The position of an entry of a Redis stream, such as `1700000000000-0`.
    fileprivate init?(streamID: String) {
        let parts = streamID.split(separator: "-")
        guard parts.count == 2, let major = UInt64(parts[0]), let minor = UInt64(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }
}
