import BenchmarkModel

/// Everything that the alerts of the process must remember over a restart.
package struct AlertMemory: Hashable, Sendable, Codable {
    /// An alert that is not inactive, or has just become so.
    struct Entry: Hashable, Codable {
        var key: AlertKey
        var state = AlertState()
        var reason = ""
    }

    var windows: [BenchmarkIdentity: EvidenceWindow] = [:]
    var entries: [AlertKey: Entry] = [:]

    /// Nothing has happened yet.
    package init() {}

    private enum CodingKeys: CodingKey {
        case windows, alerts
    }

    private struct StoredWindow: Codable {
        var benchmark: BenchmarkIdentity
        var window: EvidenceWindow
    }

    /// Reads what `encode` has written; of two entries for the same alert the later one counts.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        for stored in try container.decode([StoredWindow].self, forKey: .windows) {
            windows[stored.benchmark] = stored.window
        }
        for entry in try container.decode([Entry].self, forKey: .alerts) { entries[entry.key] = entry }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let stored = windows.sorted { ($0.key.benchmark, $0.key.operation) < ($1.key.benchmark, $1.key.operation) }
            .map { StoredWindow(benchmark: $0, window: $1) }
        try container.encode(stored, forKey: .windows)
        try container.encode(sortedEntries.filter { $0.state.phase != .inactive }, forKey: .alerts)
    }

    var sortedEntries: [Entry] {
        entries.values.sorted {
            ($0.key.name.rawValue, "\($0.key.subject)") < ($1.key.name.rawValue, "\($1.key.subject)")
        }
    }
}
