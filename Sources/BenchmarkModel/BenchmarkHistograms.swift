/// The histograms of one benchmark.
///
/// They belong together: an edited objective begins all of them anew.
package struct BenchmarkHistograms: Hashable, Sendable, Codable {
    /// When they began without an observation, in seconds since 1970.
    package var createdAt: Double
    /// Durations of successes, in seconds.
    package var duration: Histogram
    /// By phase, in seconds; every phase has an entry.
    package var phases: [ProbePhase: Histogram]
    /// Actual minus intended start of runs, in seconds.
    package var lateness: Histogram
    /// `nil` for probes that ask no language model.
    package var languageModel: LanguageModelHistograms?

    package init(objective: Objective, forLanguageModel: Bool, createdAt: Double) {
        self.createdAt = createdAt
        let durations = Histogram(boundaries: .durations.including(objective))
        duration = durations
        let phase = Histogram(boundaries: .phases)
        phases = Dictionary(uniqueKeysWithValues: ProbePhase.allCases.map { ($0, phase) })
        lateness = Histogram(boundaries: .durations)
        languageModel = forLanguageModel ? LanguageModelHistograms(durations: durations) : nil
    }

    /// Whether `other` has the same histograms with the same boundaries, so that observations may be added to either.
    package func hasShape(of other: Self) -> Bool {
        duration.boundaries == other.duration.boundaries
            && lateness.boundaries == other.lateness.boundaries
            && phases.mapValues(\.boundaries) == other.phases.mapValues(\.boundaries)
            && languageModel?.boundaries == other.languageModel?.boundaries
    }
}

/// The histograms of a language model's answers, all in seconds.
package struct LanguageModelHistograms: Hashable, Sendable, Codable {
    package var timeToFirstByte: Histogram
    package var timeToFirstToken: Histogram
    package var timeToFirstVisibleToken: Histogram
    package var interToken: Histogram
    package var timePerOutputToken: Histogram

    /// Histograms without an observation; those of whole times have the boundaries of `durations`.
    fileprivate init(durations: Histogram) {
        timeToFirstByte = durations
        timeToFirstToken = durations
        timeToFirstVisibleToken = durations
        interToken = Histogram(boundaries: .interToken)
        timePerOutputToken = Histogram(boundaries: .interToken)
    }

    fileprivate var boundaries: [BucketBoundaries] {
        [timeToFirstByte, timeToFirstToken, timeToFirstVisibleToken, interToken, timePerOutputToken].map(\.boundaries)
    }
}
