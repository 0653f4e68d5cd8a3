import Foundation

// THE AUDIT TRAIL
//
// Who called the management API, and with what result. Like a reader, it has connections of its own and claims nothing:
// what people do never waits for what is measured, nor the other way round. An entry is only ever added, and goes when it
// is as old as the oldest run may be.

/// A call of the management API, as it is kept.
package struct AuditEntry: Hashable, Sendable, Codable {
    /// Seconds since 1970.
    package var time: Double
    /// Of the token; `nil` without one that is known.
    package var token: String?
    /// Of the client, without port.
    package var address: String
    package var method: String
    /// Of the endpoint, with the names of parameters in braces.
    package var path: String
    /// What the call was told to do, without secrets; may be empty.
    package var parameters: String
    /// Of the answer.
    package var status: Int

    package init(
        time: Double,
        token: String?,
        address: String,
        method: String,
        path: String,
        parameters: String,
        status: Int
    ) {
        self.time = time
        self.token = token
        self.address = address
        self.method = method
        self.path = path
        self.parameters = parameters
        self.status = status
    }
}

/// An entry, and its place among those of its writer.
package struct NumberedAuditEntry: Hashable, Sendable {
    /// At least 1, and greater than that of every entry before it.
    package var number: Int
    package var entry: AuditEntry

    package init(number: Int, entry: AuditEntry) {
        self.number = number
        self.entry = entry
    }
}

/// Part of the audit trail.
package struct AuditPage: Hashable, Sendable {
    /// Newest first.
    package var entries: [AuditEntry]
    /// The `before` of the next page; `nil` where there is nothing more.
    package var next: String?

    package init(entries: [AuditEntry] = [], next: String? = nil) {
        self.entries = entries
        self.next = next
    }
}

/// What was removed because it was old.
package struct TrimmedCounts: Hashable, Sendable, Encodable {
    package var runs: Int
    package var auditEntries: Int

    package init(runs: Int, auditEntries: Int) {
        self.runs = runs
        self.auditEntries = auditEntries
    }
}

/// Where the audit trail is kept.
package protocol AuditStore: Sendable {
    /// Adds entries, which are in the order of their times and numbers, and removes those that are older than `oldest`, in
    /// seconds since 1970, and the oldest of too many.
    ///
    /// Idempotent, so it may be repeated when its outcome is unknown: what is stored already is not stored again.
    func append(_ entries: [NumberedAuditEntry], trimming oldest: Double) async throws(StoreError)

    /// At most `limit` entries, newest first, that come after the page whose `next` is `before`; entries that cannot be read
    /// are left out.
    ///
    /// `nil` where `before` is nothing that this store has ever had as `next`.
    func entries(before: String?, limit: Int) async throws(StoreError) -> AuditPage?

    /// Removes all runs and audit entries that are older than `time`, in seconds since 1970.
    ///
    /// Throws `.fenced` where a newer process has claimed the instance.
    func trim(before time: Double) async throws(StoreError) -> TrimmedCounts
}

extension FixedWidthInteger {
    /// The number of an entry, with which a page of a numbered trail goes on; `nil` for a text that is none.
    package init?(auditCursor text: String) {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Self(text),
            number > 0
        else { return nil }
        self = number
    }
}

extension AuditEntry {
    /// The most that a store keeps.
    package static let maximumStored = 100_000
    /// The longest stored entry that is read, in bytes.
    static let maximumSize = 64 * 1024

    private struct Envelope: Codable {
        var version: Int
        var entry: AuditEntry
    }

    /// As it is stored, with the version of its format.
    var stored: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(Envelope(version: 1, entry: self))).map(Array.init) ?? []
    }

    /// Reads what was stored; `nil` for what is no entry, as a store may hand out anything.
    init?(stored: [UInt8]) {
        guard stored.count <= Self.maximumSize,
            let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(stored)), envelope.version == 1,
            (0..<1e11).contains(envelope.entry.time), (100...999).contains(envelope.entry.status)
        else { return nil }
        self = envelope.entry
    }
}
