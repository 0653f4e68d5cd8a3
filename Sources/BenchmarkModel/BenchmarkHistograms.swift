/// The histograms of one operation of a benchmark.
///
/// They belong together: an edited objective begins all of them anew.
package struct BenchmarkHistograms: Hashable, Sendable, Codable {
    /// When they began without an observation, in seconds since 1970.
    package var createdAt: Double
    /// Durations of successes, in seconds.
    package var duration: Histogram
    /// Response times of successes, in seconds; `nil` outside of an open loop.
    package var response: Histogram?
    /// By phase, in seconds; every phase has an entry.
    package var phases: [ProbePhase: Histogram]
    /// Actual minus intended start of runs, in seconds.
    package var lateness: Histogram
    /// In seconds; `nil` for operations that wait for nothing to appear.
    package var visibilityLag: Histogram?
    /// `nil` for probes that ask no language model.
    package var languageModel: LanguageModelHistograms?

    package init(objective: Objective, traits: OperationTraits, createdAt: Double) {
        self.createdAt = createdAt
        let durations = Histogram(boundaries: .durations.including(objective))
        duration = durations
        response = traits.isOpenLoop ? durations : nil
        let phase = Histogram(boundaries: .phases)
        phases = Dictionary(uniqueKeysWithValues: ProbePhase.allCases.map { ($0, phase) })
        lateness = Histogram(boundaries: .durations)
        visibilityLag = traits.waitsForVisibility ? Histogram(boundaries: .durations) : nil
        languageModel = traits.model != nil ? LanguageModelHistograms(durations: durations) : nil
    }

    /// Whether `other` has the same histograms with the same boundaries, so that observations may be added to either.
    package func hasShape(of other: Self) -> Bool {
        duration.boundaries == other.duration.boundaries
            && response?.boundaries == other.response?.boundaries
            && phases.mapValues(\.boundaries) == other.phases.mapValues(\.boundaries)
            && lateness.boundaries == other.lateness.boundaries
            && visibilityLag?.boundaries == other.visibilityLag?.boundaries
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
