import BenchmarkModel
package import NIOHTTP1

/// An answer whose status and headers have arrived, and its body with the instants of its arrival.
///
/// Any status is an answer: whether it is the right one is for the probe to say.
package struct HTTPAnswer: Sendable {
    package var status: Int
    /// Looked up without regard to case.
    package var headers: HTTPHeaders
    package var body: TimedBody
    package var timing: HTTPTiming

    package init(status: Int, headers: HTTPHeaders, body: TimedBody, timing: HTTPTiming) {
        self.status = status
        self.headers = headers
        self.body = body
        self.timing = timing
    }
}

extension HTTPAnswer {
    /// What is wrong with a body that cannot be read as it is; `nil` of one that can.
    ///
    /// A few bytes that unfold to gigabytes are a known trap, so no coding is asked for and none is undone.
    var codingFailure: IterationFailure? {
        let codings = headers[canonicalForm: "Content-Encoding"].filter { $0.lowercased() != "identity" }
        guard !codings.isEmpty else { return nil }
        let shown = Excerpt(codings.joined(separator: ", "))
        return IterationFailure(.protocol, "the body has the content coding \(shown), which is not undone")
    }
}
