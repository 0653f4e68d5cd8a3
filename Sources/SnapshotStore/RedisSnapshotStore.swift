import BenchmarkModel
package import NIOCore
package import RedisClient

/// A store in Redis 6.2 or later.
///
/// Each operation is one script, so a transaction. The connection is made when it is needed; a new one is a new session,
/// as the server may be another process that has lost what the last one had acknowledged.
package actor RedisSnapshotStore: SnapshotStore {
    /// The most fields of the state, and the most documents, that are read; an instance has one for each benchmark and a few.
    private static let maximumFields = 10_000

    private let address: RedisAddress
    private let keys: RedisKeys
    private let retention: Duration
    private let lookup: RedisNameLookup
    private let eventLoop: any EventLoop
    private let operationTimeout: Duration
    private let claim: StoreClaim
    private let now: @Sendable () -> Double
    private var link: Link?
    private var fence: Int64?
    private var session = StoreSession(number: 0)

    private struct Link {
        var connection: RedisConnection
        /// The `run_id` of the server process; `nil` where the server does not tell it.
        var server: String?
    }

    /// The store of `instance` at `address`; nothing is connected before `restore`.
    ///
    /// An operation that takes longer than `operationTimeout` has timed out. `claim` is told the fence; `now` is in seconds
    /// since 1970.
    package init(
        address: RedisAddress,
        instance: String,
        retention: Duration,
        lookup: @escaping RedisNameLookup,
        eventLoop: any EventLoop,
        operationTimeout: Duration = .seconds(2),
        claim: StoreClaim = StoreClaim(),
        now: @escaping @Sendable () -> Double
    ) {
        self.address = address
        keys = RedisKeys(instance: instance)
        self.retention = retention
        self.lookup = lookup
        self.eventLoop = eventLoop
        self.operationTimeout = operationTimeout
        self.claim = claim
        self.now = now
    }

    package func restore() async throws(StoreError) -> StoredSnapshot {
        let exchange = try await begin(.restore)
        let claim = try await claim(exchange)
        fence = claim.fence
        self.claim.adopt(claim.fence)
        var snapshot = StoredSnapshot(fence: claim.fence, session: session)
        snapshot.refused = claim.moved.map {
            RefusedValue(subject: $0, reason: "it is nothing that this program writes")
        }
        var refused: [RefusedField] = []
        for field in claim.fields {
            let benchmark = String(decoding: field.name, as: UTF8.self)
            switch try await read(field, of: benchmark, exchange) {
            case .success(let stored):
                snapshot.states[benchmark] = stored.state
                if let server = exchange.server, stored.server == server { snapshot.acknowledged.insert(benchmark) }
            case .failure(let refusal):
                snapshot.refused.append(RefusedValue(subject: benchmark, reason: refusal.reason))
                refused.append(RefusedField(key: keys.state, field: field.name, place: field.name))
            }
        }
        for field in claim.documents {
            let name = String(decoding: field.name, as: UTF8.self)
            switch try await readDocument(field, exchange) {
            case .success(let value): snapshot.documents[name] = value
            case .failure(let refusal):
                let subject = RefusedValue.subject(ofDocument: name)
                snapshot.refused.append(RefusedValue(subject: subject, reason: refusal.reason))
                refused.append(RefusedField(key: keys.documents, field: field.name, place: Array(subject.utf8)))
            }
        }
        if !refused.isEmpty { _ = try await write(CommitBatch(), settingAside: refused, fence: claim.fence, exchange) }
        return snapshot
    }

    package func commit(_ batch: CommitBatch) async throws(StoreError) -> StoreSession {
        guard let fence else { throw error(.fenced, .commit, "it has not been claimed") }
        let exchange = try await begin(.commit)
        let isIntact = try await write(batch, settingAside: [], fence: fence, exchange)
        if !isIntact { session.number += 1 }
        return session
    }

    package func close() async {
        await link?.connection.close()
        link = nil
    }
}

// MARK: Operations

extension RedisSnapshotStore {
    /// One operation on its connection, and how long it may take.
    private struct Exchange {
        var operation: StoreOperation
        var connection: RedisConnection
        var server: String?
        var deadline: NIODeadline
    }

    private struct Claim {
        var fence: Int64
        var moved: [String]
        var fields: [Field]
        var documents: [Field]
    }

    /// A field that cannot be read, its key, and the name under which it is set aside.
    private struct RefusedField {
        var key: String
        var field: [UInt8]
        var place: [UInt8]
    }

    /// A field of a hash, and how many bytes its value has.
    private struct Field {
        var name: [UInt8]
        var length: Int64
    }

    private func claim(_ exchange: Exchange) async throws(StoreError) -> Claim {
        var candidate = milliseconds(now())
        var moved: [String] = []
        while true {
            let arguments = ["\(candidate)", "\(Self.maximumFields)"].map { Array($0.utf8) }
            let reply = try await run(RedisScripts.claim, keys.all + keys.foreign, arguments, exchange)
            guard case .array(let answer) = reply, answer.count >= 3, case .array(let names) = answer[1] else {
                throw unexpected(exchange)
            }
            moved += names.compactMap(\.text)
            switch answer[2] {
            case .array(let fields):
                guard answer.count == 4, case .array(let documents) = answer[3] else { throw unexpected(exchange) }
                return Claim(
                    fence: candidate,
                    moved: moved,
                    fields: pairs(fields),
                    documents: pairs(documents)
                )
            case .integer(let fence) where (candidate..<StoredValue.fenceLimit).contains(fence): candidate = fence + 1
            case .integer, .null, .status, .bulk, .error: throw unexpected(exchange)
            }
        }
    }

    private func pairs(_ values: [RedisValue]) -> [Field] {
        stride(from: 0, to: values.count - 1, by: 2).compactMap { index in
            guard case .bulk(let name) = values[index], case .integer(let length) = values[index + 1] else {
                return nil
            }
            return Field(name: name, length: length)
        }
    }

    private func read(
        _ field: Field,
        of benchmark: String,
        _ exchange: Exchange
    ) async throws(StoreError) -> Result<StoredState, RefusedFormat> {
        if field.length > StoredValue.maximumSize { return .failure(.tooLong(field.length)) }
        guard let value = try await value(of: field, in: keys.state, exchange) else { return .failure(.gone) }
        return StoredValue.decodeState(value, of: benchmark)
    }

    private func readDocument(
        _ field: Field,
        _ exchange: Exchange
    ) async throws(StoreError) -> Result<[UInt8], RefusedFormat> {
        if field.length > StoredValue.maximumSize { return .failure(.tooLong(field.length)) }
        guard let value = try await value(of: field, in: keys.documents, exchange) else { return .failure(.gone) }
        guard let end = value.firstIndex(of: UInt8(ascii: "\n")) else {
            return .failure(RefusedFormat(reason: "it does not say who wrote it"))
        }
        return StoredValue.checkDocument(Array(value[(end + 1)...]))
    }

    private func value(of field: Field, in key: String, _ exchange: Exchange) async throws(StoreError) -> [UInt8]? {
        let reply = try await send([Array("HGET".utf8), Array(key.utf8), field.name], exchange)
        guard case .bulk(let value) = reply else { return nil }
        return value
    }

    /// Whether everything that was written before is still there.
    private func write(
        _ batch: CommitBatch,
        settingAside refused: [RefusedField],
        fence: Int64,
        _ exchange: Exchange
    ) async throws(StoreError) -> Bool {
        // Not shorter than a minute, so that the keys of a living process stay; Redis refuses times beyond its own range.
        let retention = max(60_000, min(Int64(retention.seconds * 1_000), 1 << 42))
        let oldest = max(0, milliseconds(now()) - retention)
        let numbers =
            [fence, retention, oldest]
            + [refused.count, batch.states.count, batch.runs.count, batch.documents.count].map(Int64.init)
        var arguments = numbers.map { Array("\($0)".utf8) }
        for field in refused {
            // Scripts count their keys from 1.
            let place = 1 + (keys.all.firstIndex(of: field.key) ?? 0)
            arguments += [Array("\(place)".utf8), field.field, field.place]
        }
        do {
            for state in batch.states {
                let value = StoredState(fence: fence, server: exchange.server, state: state)
                arguments += entry(state.benchmark, state.version, try StoredValue.encode(value))
            }
            for run in batch.runs {
                arguments += entry(run.summary.benchmark, run.version, try StoredValue.encode(StoredRun(run)))
            }
        } catch let failure {
            throw error(.failed, exchange.operation, "a state cannot be encoded: \(failure)", failure)
        }
        for document in batch.documents {
            arguments += [Array(document.name.utf8), Array("\(document.sequence)".utf8), document.value]
        }
        let reply = try await run(RedisScripts.commit, keys.all, arguments, exchange)
        if reply == .array([.integer(0)]) { throw error(.fenced, exchange.operation, "a newer process has claimed it") }
        let isIntact = reply == .array([.integer(1), .integer(1)])
        guard isIntact || reply == .array([.integer(1), .integer(0)]) else { throw unexpected(exchange) }
        return isIntact
    }

    private func entry(_ benchmark: String, _ version: StateVersion, _ value: [UInt8]) -> [[UInt8]] {
        [benchmark, "\(version.epoch)", "\(version.sequence)"].map { Array($0.utf8) } + [value]
    }
}

// MARK: Connection

extension RedisSnapshotStore {
    /// The start of an operation, with a connection that is open.
    private func begin(_ operation: StoreOperation) async throws(StoreError) -> Exchange {
        let deadline = NIODeadline.now() + .nanoseconds(operationTimeout.nanoseconds)
        if let link, link.connection.isOpen {
            return Exchange(operation: operation, connection: link.connection, server: link.server, deadline: deadline)
        }
        link = nil
        do throws(RedisError) {
            let connection = try await RedisConnection.connect(
                to: address,
                on: eventLoop,
                lookup: lookup,
                deadline: deadline
            )
            let information = try await connection.send(["INFO", "server"], deadline: deadline).reply.text ?? ""
            let server = information.split(whereSeparator: \.isNewline).first { $0.hasPrefix("run_id:") }
            let link = Link(connection: connection, server: server.map { String($0.dropFirst(7)) })
            self.link = link
            session.number += 1
            return Exchange(operation: operation, connection: connection, server: link.server, deadline: deadline)
        } catch let failure {
            throw error(operation, failure)
        }
    }

    private func run(
        _ script: String,
        _ keys: [String],
        _ arguments: [[UInt8]],
        _ exchange: Exchange
    ) async throws(StoreError) -> RedisValue {
        let words = ["EVAL", script, "\(keys.count)"] + keys
        return try await send(words.map { Array($0.utf8) } + arguments, exchange)
    }

    private func send(_ command: [[UInt8]], _ exchange: Exchange) async throws(StoreError) -> RedisValue {
        let reply: RedisValue
        do throws(RedisError) {
            reply = try await exchange.connection.send(command, deadline: exchange.deadline).reply
        } catch let failure {
            throw error(exchange.operation, failure)
        }
        guard let code = reply.errorCode else { return reply }
        throw error(.failed, exchange.operation, "the server reported \(code)")
    }

    private func error(_ operation: StoreOperation, _ failure: RedisError) -> StoreError {
        switch failure.code {
        case .timeout: error(.timedOut, operation, "no answer within \(operationTimeout.seconds) s", failure)
        case .cancelled: error(.timedOut, operation, "no answer before the end", failure)
        case .nameResolution, .connect, .tls, .authentication, .database, .protocolViolation, .tooLarge, .closed,
            .invalidCommand:
            error(.failed, operation, failure.detail, failure)
        }
    }

    private func unexpected(_ exchange: Exchange) -> StoreError {
        error(.failed, exchange.operation, "the server gave an answer of the wrong type")
    }

    private func error(
        _ code: StoreError.Code,
        _ operation: StoreOperation,
        _ answer: String,
        _ underlyingError: (any Error)? = nil
    ) -> StoreError {
        StoreError(code, operation, of: "\(address)", answer: answer, underlyingError: underlyingError)
    }
}
