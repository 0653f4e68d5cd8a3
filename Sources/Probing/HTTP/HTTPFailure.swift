package import BenchmarkModel

/// Why an exchange brought no whole answer.
package struct HTTPFailure: Error, Sendable, CustomStringConvertible {
    /// `timeout`, `dns`, `connect`, `tls`, `protocol`, `truncated`, `too_large` or `other`.
    package var reason: FailureReason
    /// What was being done, to what, and what came back; without queries, headers and credentials.
    package var detail: String
    /// From where the exchange's duration begins to the moment the failure was known.
    ///
    /// A connection that could not be made counts from the first attempt, also for a warm exchange.
    package var duration: Duration
    /// The answer so far, where its head had arrived.
    package var partial: HTTPAnswer?

    package init(reason: FailureReason, detail: String, duration: Duration, partial: HTTPAnswer? = nil) {
        self.reason = reason
        self.detail = detail
        self.duration = duration
        self.partial = partial
    }

    package var description: String { detail }
}
