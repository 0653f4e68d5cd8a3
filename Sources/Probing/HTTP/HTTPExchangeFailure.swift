import BenchmarkModel
import ExporterConfiguration

/// The failure of an exchange over one connection, and what may be tried instead.
struct HTTPExchangeFailure: Error, CustomStringConvertible {
    var reason: FailureReason
    /// What came back, as a clause.
    var description: String
    var duration: Duration
    var partial: HTTPAnswer?
    /// Whether there was no connection to ask over, so that another one may be tried.
    var lacksConnection = false
}

extension HTTPFailure {
    /// The failure as the sentence that people read; the query, which may hold a credential, is not in it.
    init(_ failure: HTTPExchangeFailure, of request: HTTPRequest, to target: HTTPTarget) {
        self.init(
            reason: failure.reason,
            detail: "\(request.subject(at: target.baseURL)): \(failure.description)",
            duration: failure.duration,
            partial: failure.partial
        )
    }
}

extension HTTPRequest {
    /// What is asked of whom, such as `GET http://127.0.0.1:8000/health`.
    func subject(at base: HTTPBaseURL) -> String {
        let path = (isWholePath ? "" : base.pathPrefix) + target.prefix { $0 != "?" }
        return "\(method) \(base.origin)\(path)"
    }
}
