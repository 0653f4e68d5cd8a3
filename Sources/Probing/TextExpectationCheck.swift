import BenchmarkModel
import ExporterConfiguration
import NIOCore

/// An expectation made ready to be held against many texts.
struct TextExpectationCheck: Sendable {
    private let contains: String?
    private let pattern: String?
    /// The compiled pattern; a failure where it is not a regular expression.
    private let matcher: Result<PatternMatcher, any Error>?

    init(_ expectation: TextExpectation) {
        contains = expectation.contains
        pattern = expectation.matches
        matcher = expectation.matches.map { pattern in Result { try PatternMatcher(pattern) } }
    }

    /// Whether a text may keep the check busy until the deadline.
    var mayTakeLong: Bool { matcher != nil }

    /// How UTF-8 text, which the failure calls `subject`, differs from what is expected; `nil` where it does not.
    func failure(of bytes: [UInt8], called subject: String, deadline: NIODeadline) -> IterationFailure? {
        if let contains {
            switch bytes.contains(contains, before: deadline) {
            case true: break
            case false:
                return IterationFailure(
                    .validation,
                    "\(subject) \(Excerpt(bytes)) does not contain \(Excerpt(contains))"
                )
            case nil:
                return IterationFailure(.timeout, "timed out while looking for \(Excerpt(contains)) in \(subject)")
            }
        }
        guard let matcher else { return nil }
        let shown = Excerpt(pattern ?? "")
        guard case .success(let matcher) = matcher else {
            return IterationFailure(.validation, "\(shown) is not a regular expression")
        }
        switch matcher.finding(in: bytes, deadline: deadline) {
        case .found: return nil
        case .missing:
            return IterationFailure(.validation, "\(subject) \(Excerpt(bytes)) does not match \(shown)")
        case .outOfTime:
            return IterationFailure(.timeout, "timed out while matching \(shown) against \(subject)")
        case .tooLarge:
            let limit = PatternMatcher.maximumBytes
            return IterationFailure(
                .tooLarge,
                "\(subject) has more than the \(limit) bytes that are matched against \(shown)"
            )
        }
    }
}
