import BenchmarkModel
import RedisClient

/// The audit trail as a stream in Redis, trimmed by age.
package struct RedisAuditStore: AuditStore {
    private let reader: RedisSnapshotReader
    private let retention: Duration

    /// The trail of the instance that `reader` reads, which goes when nothing was added for as long as `retention`.
    package init(_ reader: RedisSnapshotReader, retention: Duration) {
        self.reader = reader
        self.retention = retention
    }

    package func append(_ entries: [AuditEntry], trimming oldest: Double) async throws(StoreError) {
        let lifetime = max(60_000, min(Int64(retention.seconds * 1_000), 1 << 42))
        let values = entries.map { String(decoding: $0.stored, as: UTF8.self) }
        let keys = [reader.keys.audit, reader.keys.foreignAudit]
        try await writing { send throws(StoreError) in
            _ = try await send(
                ["EVAL", RedisScripts.audit, "\(keys.count)"] + keys + ["\(milliseconds(oldest))", "\(lifetime)"]
                    + values
            )
        }
    }

    package func entries(before: String?, limit: Int) async throws(StoreError) -> AuditPage? {
        if let before, !Self.isStreamID(before) { return nil }
        let end = before.map { "(\($0)" } ?? "+"
        let reply = try await reader.exchange { send throws(StoreError) in
            try await send(["XREVRANGE", reader.keys.audit, end, "-", "COUNT", "\(limit)"])
        }
        guard case .array(let elements) = reply else { throw reader.unexpected }
        var page = AuditPage()
        for element in elements {
            guard case .array(let entry) = element, entry.count == 2, case .array(let fields) = entry[1] else {
                throw reader.unexpected
            }
            page.next = entry[0].text
            if fields.count == 2, case .bulk(let value) = fields[1], let stored = AuditEntry(stored: value) {
                page.entries.append(stored)
            }
        }
        if elements.count < limit { page.next = nil }
        return page
    }

    package func trim(before time: Double) async throws(StoreError) -> TrimmedCounts {
        let oldest = "\(milliseconds(time))"
        return try await writing { send throws(StoreError) in
            let runs = try await send(["XTRIM", reader.keys.runs, "MINID", oldest])
            let entries = try await send(["XTRIM", reader.keys.audit, "MINID", oldest])
            guard case .integer(let runCount) = runs, case .integer(let entryCount) = entries else {
                throw reader.unexpected
            }
            return TrimmedCounts(runs: Int(runCount), auditEntries: Int(entryCount))
        }
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
