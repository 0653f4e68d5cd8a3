extension Duration {
    /// The duration in seconds; the one conversion from time inside the program to numbers at its edges.
    ///
    /// Exact to the nanosecond and correctly rounded below 104 days, so 300 ms is the number that prints as `0.3` and
    /// comparing two durations agrees with comparing their seconds.
    package var seconds: Double {
        Double(nanoseconds) / 1e9
    }

    /// The duration in whole nanoseconds, rounded towards zero; beyond ±292 years the nearest representable value.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !carried else { return seconds < 0 ? .min : .max }
        return sum
    }
}
