import BenchmarkModel

/// How long after the start of the process the first run of a benchmark begins.
package enum FirstStart {
    /// The delay before the first run.
    ///
    /// With a `lastIntendedAt` from before a restart (seconds since 1970, like `now`) the schedule keeps its phase: the
    /// slots that passed while the process was down were nobody's to run. Otherwise the start is spread by `jitter` (0...1)
    /// over `startJitter` or a tenth of the interval, whichever is less, so that benchmarks do not start in step.
    package static func delay(
        now: Double,
        lastIntendedAt: Double?,
        interval: Duration,
        startJitter: Duration,
        jitter: Double
    ) -> Duration {
        guard let lastIntendedAt, lastIntendedAt <= now else {
            return min(startJitter, interval / 10) * jitter
        }
        let seconds = interval.seconds
        let sinceSlot = (now - lastIntendedAt).truncatingRemainder(dividingBy: seconds)
        return .nanoseconds(Int64(((seconds - sinceSlot) * 1e9).rounded()))
    }
}
