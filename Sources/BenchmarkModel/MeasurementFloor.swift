/// What the exporter itself adds to what it measures, as samples taken during a run have shown it.
///
/// When it is short of CPU, it gets round late to what has long arrived, and the service seems slow. So a run is only
/// as good as its floor is low.
package struct MeasurementFloor: Hashable, Sendable {
    /// The longest of the samples, which are exchanges and lags of the event loop; of a failed one, the time until that was
    /// known.
    ///
    /// Not their median: no statistic of the run can be trusted below what a single one has shown to be possible.
    package var duration: Duration
    /// Why the last sample that failed did so; `nil` where all succeeded.
    package var failure: IterationFailure?

    /// The floor that samples have shown; `nil` of none.
    package init?(of samples: [IterationOutcome]) {
        guard let longest = samples.map(\.duration).max() else { return nil }
        duration = longest
        failure = samples.last { $0.failure != nil }?.failure
    }

    /// Why a run with this floor says nothing about its target, as a clause; `nil` where it does.
    ///
    /// It does as long as the floor is at most a tenth of the objective's target, and known.
    package func objection(to objective: Objective) -> String? {
        if let failure { return "the exporter could not ask itself: \(failure.detail)" }
        guard duration * 10 > objective.target else { return nil }
        return "the exporter's floor of \(Self.text(duration)) is more than a tenth of the target of "
            + Self.text(objective.target)
    }

    private static func text(_ duration: Duration) -> String {
        "\((duration.seconds * 10_000).rounded() / 10) ms"
    }
}
