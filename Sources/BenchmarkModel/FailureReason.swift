/// Why an iteration failed: a closed set, as each is a value of the label `reason`.
package enum FailureReason: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// The deadline of the iteration passed.
    case timeout
    /// The name of the target did not resolve.
    case dns
    /// No connection: refused, unreachable, or reset before it was ready.
    case connect
    /// The TLS handshake failed, the certificate included.
    case tls
    case http3xx = "http_3xx"
    case http4xx = "http_4xx"
    case http429 = "http_429"
    case http5xx = "http_5xx"
    /// The answer does not follow its protocol, or the service reported an error inside it.
    case `protocol`
    /// A well-formed answer that is not the right one.
    case validation
    /// The answer ended before it was complete.
    case truncated
    /// The answer is larger than the exporter reads.
    case tooLarge = "too_large"
    case exitStatus = "exit_status"
    /// It was due while as many were in flight as are allowed: the service was not asked.
    case notIssued = "not_issued"
    /// Part of the published set, and always 0: a spent budget is no fault of the service, so it ends the run and keeps further
    /// ones from beginning, which is an outcome of runs.
    case budget
    case other
}

/// One failed iteration: the reason that is counted, and a sentence for people.
package struct IterationFailure: Hashable, Sendable, Codable {
    package var reason: FailureReason
    /// What was being done and what came back.
    ///
    /// It goes to logs and the run record, never into a label.
    package var detail: String

    package init(_ reason: FailureReason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
