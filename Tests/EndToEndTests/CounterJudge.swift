import ExporterTestSupport

/// Looks at every scrape as Prometheus would, over restarts, and says where a counter or a bucket went back.
///
/// A value may only be lower than before when it began again at zero, and then it cannot be higher than what can have
/// happened since the process started.
struct CounterJudge {
    private struct Key: Hashable {
        var name: String
        var labels: [String: String]
    }

    private var last: [Key: Double] = [:]
    private(set) var resets = 0
    /// Sentences about values that went back and are not new.
    private(set) var lies: [String] = []

    /// Judges a scrape; since the process was started the service has seen `requests` requests.
    mutating func judge(_ scrape: ParsedExposition, requestsSinceStart requests: Int) {
        for family in scrape.families {
            let isCumulative = family.type == "counter" || family.type == "histogram"
            // What the process counts of itself begins at zero with each process, as it does in every exporter.
            guard isCumulative, family.name.hasPrefix("ai_benchmark_"), !family.name.contains("_exporter_") else {
                continue
            }
            for sample in family.samples where !sample.name.hasSuffix("_sum") {
                let key = Key(name: sample.name, labels: sample.labels)
                if let before = last[key], sample.value < before {
                    resets += 1
                    if sample.value > Double(requests) {
                        lies.append("\(sample.name) \(sample.labels) went from \(before) to \(sample.value)")
                    }
                }
                last[key] = sample.value
            }
        }
    }
}
