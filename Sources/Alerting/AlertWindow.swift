import BenchmarkModel

/// A stretch of time that an alert looks back over.
///
/// Ranges are literals in PromQL, so benchmarks share windows in classes: the shortest of a ladder that holds several of
/// the benchmark's runs. Over a shorter one an alert would go silent between two runs.
struct AlertWindow: Hashable, Comparable {
    /// Greater than zero.
    let seconds: Int

    private static let ladder = [
        15, 30, 60, 120, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 3 * 86_400, 7 * 86_400, longest,
    ]

    /// Prometheus keeps 15 days unless it is told otherwise; what looks back further sees what there is.
    private static let longest = 30 * 86_400

    private init(seconds: Int) {
        self.seconds = seconds
    }

    /// The window of the class that `benchmark` is in, for a server that scrapes every `scrapeInterval`; zero for the process
    /// itself, which needs no scrape.
    ///
    /// It holds six intervals, and three of the longest runs, as an outage makes every run a long one; and it holds five
    /// scrapes.
    init(for benchmark: WatchedBenchmark, scrapeInterval: Duration) {
        let needed = max(
            6 * benchmark.interval.seconds,
            3 * benchmark.longestRun,
            5 * scrapeInterval.seconds
        )
        seconds = Self.ladder.first { Double($0) >= needed } ?? Self.longest
    }

    /// A window so many times as long, up to 30 days.
    func times(_ factor: Int) -> Self {
        Self(seconds: min(seconds * factor, Self.longest))
    }

    /// As PromQL has it, such as `36h`.
    var text: String { PromQL.duration(seconds) }

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.seconds < rhs.seconds
    }
}

extension PromQL {
    /// Whole seconds in the longest unit that leaves no rest, such as `36h`.
    static func duration(_ seconds: Int) -> String {
        let unit = [(86_400, "d"), (3600, "h"), (60, "m")].first { seconds > 0 && seconds.isMultiple(of: $0.0) }
        guard let (length, name) = unit else { return "\(seconds)s" }
        return "\(seconds / length)\(name)"
    }
}
