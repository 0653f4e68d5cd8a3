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
    /// What the API takes, in seconds: from 1s to 100y.
    private static let intervals = 1.0...100 * 365 * 86_400

    /// `definitions`, at the intervals that are in force.
    func definitions(_ definitions: [BenchmarkDefinition]) -> [BenchmarkDefinition] {
        definitions.map { definition in
            var changed = definition
            if let interval, isFit(interval, for: definition) { changed.interval = interval }
            return changed
        }
    }

    /// As in the configuration: an iteration that could last longer would let every run miss the next.
    private func isFit(_ interval: Duration, for definition: BenchmarkDefinition) -> Bool {
        benchmarks?.contains(definition.name) ?? true && interval > definition.timeout
    }

    /// The names of those of `definitions` whose timeout the interval has to be above and is not, so that it is left out of account.
    func withTooShortInterval(_ definitions: [BenchmarkDefinition]) -> [String] {
        guard let interval else { return [] }
        return definitions.filter { schedules($0.name) && !isFit(interval, for: $0) }.map(\.name)
    }

    /// The names that are not among those of the `configured` benchmarks, as it may be after a reload.
    func unknown(among configured: [String]) -> [String] {
        (benchmarks ?? []).filter { !configured.contains($0) }
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

    /// Reads what was stored; throws why it is no override, as a store may hand out anything.
    init(document: [UInt8]) throws {
        let stored = try JSONDecoder().decode(Document.self, from: Data(document))
        guard stored.version == 1 else { throw RefusedDocument(reason: "its format is version \(stored.version)") }
        if let seconds = stored.intervalSeconds, !Self.intervals.contains(seconds) {
            throw RefusedDocument(reason: "an interval of \(seconds) s is not from 1s to 100y")
        }
        if stored.benchmarks?.isEmpty == true { throw RefusedDocument(reason: "it names no benchmark") }
        self.init(
            isStopped: stored.isStopped,
            interval: stored.intervalSeconds.map { .milliseconds(Int64(($0 * 1000).rounded())) },
            benchmarks: stored.benchmarks
        )
    }
}
