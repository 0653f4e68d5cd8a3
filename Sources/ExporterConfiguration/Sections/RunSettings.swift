import BenchmarkModel

/// When and how often a benchmark asks, and what it promises: of one benchmark, or of all that say nothing else.
///
/// A setting is `nil` where its value in the file could not be read.
struct RunSettings {
    var interval: Duration? = .seconds(1800)
    var startJitter: Duration? = .seconds(5)
    var timeout: Duration? = .seconds(10)
    var iterations: Int? = 10
    var warmupIterations: Int? = 3
    var concurrency: Int? = 1
    var overlap: OverlapPolicy? = .skip
    var baselineParts: Int? = 1
    var objective: ObjectiveSettings

    /// The keys that both `defaults` and a benchmark have.
    static let keys = [
        "interval", "start_jitter", "timeout", "iterations", "warmup_iterations", "concurrency", "objective", "overlap",
        "baseline_parts_per_day",
    ]

    init(objective: ObjectiveSettings) {
        self.objective = objective
    }

    init(reading field: Field, objective: ObjectiveSettings) {
        self.init(objective: objective)
        guard let section = Section(field, keys: Self.keys) else { return }
        self = RunSettings(reading: section, others: self)
    }

    /// What `section` says, and for the rest what `others` say.
    init(reading section: Section, others: Self) {
        interval = section.setting("interval", default: others.interval) { $0.duration() }
        startJitter = section.setting("start_jitter", default: others.startJitter) { $0.duration(allowsZero: true) }
        timeout = section.setting("timeout", default: others.timeout) { $0.duration() }
        iterations = section.setting("iterations", default: others.iterations) { $0.integer(in: 1...100_000) }
        warmupIterations = section.setting("warmup_iterations", default: others.warmupIterations) {
            $0.integer(in: 0...100_000)
        }
        concurrency = section.setting("concurrency", default: others.concurrency) { $0.integer(in: 1...1000) }
        overlap = section.setting("overlap", default: others.overlap) { $0.choice(of: OverlapPolicy.self) }
        baselineParts = section.setting("baseline_parts_per_day", default: others.baselineParts) {
            $0.integer(in: DailyBaseline.partCounts)
        }
        objective = ObjectiveSettings(reading: section["objective"], others: others.objective)
    }
}
