import BenchmarkModel
import Foundation

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

    private static let formatVersion = 1

    private enum CodingKeys: CodingKey {
        case version, windows, alerts
    }

    private struct StoredWindow: Codable {
        var benchmark: BenchmarkIdentity
        var window: EvidenceWindow
    }

    /// Reads what `encode` has written; of two entries for the same alert the later one counts.
    ///
    /// Throws where it is of another version, or of a time that is none.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let version = try container.decode(Int.self, forKey: .version)
        guard version == Self.formatVersion else {
            throw DecodingError.dataCorruptedError(
                forKey: .version,
                in: container,
                debugDescription: "its format is version \(version), this program reads \(Self.formatVersion)"
            )
        }
        for stored in try container.decode([StoredWindow].self, forKey: .windows) {
            windows[stored.benchmark] = stored.window
        }
        for entry in try container.decode([Entry].self, forKey: .alerts) {
            guard entry.state.phase.times.allSatisfy((0..<1e11).contains) else {
                let problem = "an alert of a time that is none"
                throw DecodingError.dataCorruptedError(forKey: .alerts, in: container, debugDescription: problem)
            }
            entries[entry.key] = entry
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.formatVersion, forKey: .version)
        let stored = windows.sorted { ($0.key.benchmark, $0.key.operation) < ($1.key.benchmark, $1.key.operation) }
            .map { StoredWindow(benchmark: $0, window: $1) }
        try container.encode(stored, forKey: .windows)
        try container.encode(sortedEntries.filter { $0.state.phase != .inactive }, forKey: .alerts)
    }

    /// The memory as a document of a store; throws what `JSONDecoder` does where it is none.
    package init(document: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(document))
    }

    /// As a document of a store.
    package func document() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(self))
    }

    var sortedEntries: [Entry] {
        entries.values.sorted {
            ($0.key.name.rawValue, "\($0.key.subject)") < ($1.key.name.rawValue, "\($1.key.subject)")
        }
    }
}

extension AlertState.Phase {
    /// In seconds since 1970.
    fileprivate var times: [Double] {
        switch self {
        case .inactive: []
        case .pending(let since, _): [since]
        case .firing(let since, let clearedAt): [since, clearedAt ?? since]
        case .resolved(let since, let at): [since, at]
        }
    }
}
