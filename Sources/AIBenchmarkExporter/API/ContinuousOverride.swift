import BenchmarkModel
import ExporterConfiguration
import Foundation
import Recording

/// What the API has changed of the schedule of the configuration; it outlives restarts.
struct ContinuousOverride: Hashable, Sendable {
    /// Whether nothing is run on schedule.
    var isStopped = false
    /// Start to start, of what is run; `nil` for what the configuration says.
    var interval: Duration?
    /// What is run; `nil` for all.
    var benchmarks: [String]?

    /// The name of the document that keeps it.
    static let documentName = "continuous"

    /// `definitions`, at the intervals that are in force.
    func definitions(_ definitions: [BenchmarkDefinition]) -> [BenchmarkDefinition] {
        definitions.map { definition in
            var changed = definition
            if let interval, benchmarks?.contains(definition.name) ?? true { changed.interval = interval }
            return changed
        }
    }

    /// What the metrics say of `definitions`.
    func descriptions(_ definitions: [BenchmarkDefinition]) -> [BenchmarkDescription] {
        self.definitions(definitions).map { $0.description(isScheduled: schedules($0.name)) }
    }

    /// Whether the benchmark of that name is run on schedule.
    func schedules(_ name: String) -> Bool {
        !isStopped && benchmarks?.contains(name) ?? true
    }

    /// `configuration`, with benchmarks at the intervals that are in force.
    func applied(to configuration: ExporterConfiguration) -> ExporterConfiguration {
        var configuration = configuration
        configuration.benchmarks = definitions(configuration.benchmarks)
        return configuration
    }

    /// The names of those of `definitions` that are not run on schedule.
    func unscheduled(_ definitions: [BenchmarkDefinition]) -> Set<String> {
        Set(definitions.map(\.name).filter { !schedules($0) })
    }

    /// As the audit trail has it.
    var audited: String {
        if isStopped { return "stopped" }
        return [
            interval.map { "interval_seconds=\($0.seconds)" },
            benchmarks.map { "benchmarks=\($0.joined(separator: ","))" },
        ].compactMap(\.self).joined(separator: " ")
    }
}

extension ContinuousOverride {
    /// As it is stored, with the version of its format.
    private struct Document: Codable {
        var version: Int
        var isStopped: Bool
        var intervalSeconds: Double?
        var benchmarks: [String]?
    }

    var document: [UInt8] {
        let document = Document(
            version: 1,
            isStopped: isStopped,
            intervalSeconds: interval?.seconds,
            benchmarks: benchmarks
        )
        return (try? JSONEncoder().encode(document)).map(Array.init) ?? []
    }

    /// The override among documents that were stored, by name; `nil` where there is none.
    init?(in documents: [String: [UInt8]]) {
        guard let document = documents[Self.documentName] else { return nil }
        self.init(document: document)
    }

    /// Reads what was stored; `nil` for what is no override, as a store may hand out anything.
    init?(document: [UInt8]) {
        guard let stored = try? JSONDecoder().decode(Document.self, from: Data(document)), stored.version == 1,
            stored.intervalSeconds.map({ (1...3e9).contains($0) }) ?? true
        else { return nil }
        self.init(
            isStopped: stored.isStopped,
            interval: stored.intervalSeconds.map { .milliseconds(Int64($0 * 1000)) },
            benchmarks: stored.benchmarks
        )
    }
}
