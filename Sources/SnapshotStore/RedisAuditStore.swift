import BenchmarkModel
import RedisClient

/// The audit trail as a stream in Redis, trimmed by age.
package struct RedisAuditStore: AuditStore {
    private let reader: RedisSnapshotReader
    private let retention: Duration
    private let claim: StoreClaim
    private let capacity: Int
    /// Tells the numbers of this process from those of others.
    private let writer = UInt64.random(in: .min ... .max)

    /// The trail of the instance that `reader` reads, which goes when nothing was added for as long as `retention`;
    /// `capacity` is the most that it keeps.
    package init(
        _ reader: RedisSnapshotReader,
        retention: Duration,
        claim: StoreClaim,
        capacity: Int = AuditEntry.maximumStored
    ) {
        self.reader = reader
        self.retention = retention
        self.claim = claim
        self.capacity = capacity
    }

    package func append(_ entries: [NumberedAuditEntry], trimming oldest: Double) async throws(StoreError) {
        let lifetime = max(60_000, min(Int64(retention.seconds * 1_000), 1 << 42))
        let values = entries.flatMap { ["\($0.number)", String(decoding: $0.entry.stored, as: UTF8.self)] }
        let keys = [reader.keys.audit, reader.keys.foreignAudit, reader.keys.auditNumber(of: writer)]
        try await writing { send throws(StoreError) in
            _ = try await send(
                ["EVAL", RedisScripts.audit, "\(keys.count)"] + keys
                    + ["\(milliseconds(oldest))", "\(lifetime)", "\(capacity)"] + values
            )
        }
    }

    package func entries(before: String?, limit: Int) async throws(StoreError) -> AuditPage? {
        if let before, !Self.isStreamID(before) { return nil }
        let end = before.map { "(\($0)" } ?? "+"
        let reply = try await reader.exchange { send throws(StoreError) in
            // One more, which tells whether there is another page.
            try await send(["XREVRANGE", reader.keys.audit, end, "-", "COUNT", "\(limit + 1)"])
        }
        guard case .array(let elements) = reply else { throw reader.unexpected }
        var page = AuditPage()
        for element in elements.prefix(limit) {
            guard case .array(let entry) = element, entry.count == 2, case .array(let fields) = entry[1] else {
                throw reader.unexpected
            }
            page.next = entry[0].text
            if fields.count == 2, case .bulk(let value) = fields[1], let stored = AuditEntry(stored: value) {
                page.entries.append(stored)
            }
        }
        if elements.count <= limit { page.next = nil }
        return page
    }

    package func trim(before time: Double) async throws(StoreError) -> TrimmedCounts {
        guard let fence = claim.fence else { throw error(.failed, "it has not been claimed") }
        let keys = [reader.keys.fence, reader.keys.runs, reader.keys.audit]
        return try await writing { send throws(StoreError) in
            let reply = try await send(
                ["EVAL", RedisScripts.trim, "\(keys.count)"] + keys + ["\(milliseconds(time))", "\(fence)"]
            )
            guard case .array(let counts) = reply else { throw reader.unexpected }
            if counts.isEmpty { throw error(.fenced, "a newer process has claimed it") }
            guard counts.count == 2, case .integer(let runs) = counts[0], case .integer(let entries) = counts[1] else {
                throw reader.unexpected
            }
            return TrimmedCounts(runs: Int(runs), auditEntries: Int(entries))
        }
    }

    private func error(_ code: StoreError.Code, _ answer: String) -> StoreError {
        StoreError(code, .commit, of: "\(reader.address)", answer: answer)
    }

    private func writing<Value>(
        _ body: (RedisSnapshotReader.Send) async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        do throws(StoreError) {
            return try await reader.exchange(body)
        } catch {
            var failure = error
            failure.operation = .commit
            throw failure
        }
    }

    private static func isStreamID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { UInt64($0) != nil && !$0.hasPrefix("+") }
    }
}
