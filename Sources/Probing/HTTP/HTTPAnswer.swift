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
