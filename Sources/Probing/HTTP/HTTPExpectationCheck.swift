import BenchmarkModel
import ExporterConfiguration
import NIOCore
import NIOHTTP1

/// An expectation made ready to be held against many answers.
struct HTTPExpectationCheck: Sendable {
    /// A body of so many bytes is looked at within 10 ms, unless by a regular expression.
    private static let smallBody = 64 * 1024

    private let expectation: HTTPExpectation
    private let text: TextExpectationCheck

    init(_ expectation: HTTPExpectation) {
        self.expectation = expectation
        text = TextExpectationCheck(
            TextExpectation(contains: expectation.bodyContains, matches: expectation.bodyMatches)
        )
    }

    /// `failure(of:deadline:)`, on a thread of its own where that may take long.
    func result(for answer: HTTPAnswer, deadline: NIODeadline) async -> IterationFailure? {
        let mayTakeLong = expectation.bodyMatches != nil || looksAtBody && answer.body.bytes.count > Self.smallBody
        guard mayTakeLong else { return failure(of: answer, deadline: deadline) }
        return await onSeparateThread { failure(of: answer, deadline: deadline) }
    }

    /// How the answer differs from what is expected, as a clause; `nil` where it does not.
    func failure(of answer: HTTPAnswer, deadline: NIODeadline) -> IterationFailure? {
        statusFailure(of: answer)
            ?? headerFailure(of: answer)
            ?? (looksAtBody ? answer.codingFailure : nil)
            ?? text.failure(of: answer.body.bytes, called: "the body", deadline: deadline)
            ?? Self.jsonFailure(of: answer.body.bytes, expecting: expectation.json, deadline: deadline)
    }

    private var looksAtBody: Bool {
        expectation.bodyContains != nil || expectation.bodyMatches != nil || !expectation.json.isEmpty
    }

    private func statusFailure(of answer: HTTPAnswer) -> IterationFailure? {
        let status = answer.status
        let statuses = expectation.statuses
        guard statuses.isEmpty ? !(200...299).contains(status) : !statuses.contains(status) else { return nil }
        let expected = statuses.isEmpty ? "2xx" : statuses.map(String.init).joined(separator: " or ")
        let body = answer.body.bytes.isEmpty ? "" : ", with the body \(Excerpt(answer.body.bytes))"
        return IterationFailure(
            FailureReason(unexpectedStatus: status),
            "status \(status) where \(expected) was expected\(body)"
        )
    }

    private func headerFailure(of answer: HTTPAnswer) -> IterationFailure? {
        for (name, expected) in expectation.headers.sorted(by: { $0.key < $1.key }) {
            let values = answer.headers[name]
            guard !values.isEmpty else { return IterationFailure(.validation, "no header \(name)") }
            let value = values.joined(separator: ", ")
            guard value == expected else {
                return IterationFailure(
                    .validation,
                    "the header \(name) is \(Excerpt(value)) where \(Excerpt(expected)) was expected"
                )
            }
        }
        return nil
    }

    /// How a body differs from the values that it must have as JSON; `nil` where it does not.
    static func jsonFailure(
        of body: [UInt8],
        expecting expected: [JSONExpectation],
        deadline: NIODeadline
    ) -> IterationFailure? {
        guard !expected.isEmpty else { return nil }
        let findings: [JSONPathQuery.Finding]
        do {
            findings = try JSONPathQuery.findings(at: expected.map(\.path), in: body, deadline: deadline)
        } catch is JSONPathQuery.TooLarge {
            return IterationFailure(
                .tooLarge,
                "the body has more than the \(JSONPathQuery.maximumBytes) bytes that are read as JSON"
            )
        } catch is JSONPathQuery.OutOfTime {
            return IterationFailure(.timeout, "timed out with \(body.count) bytes of JSON to read")
        } catch is JSONPathQuery.TooLong {
            let limit = JSONPathQuery.maximumIndex
            return IterationFailure(.tooLarge, "the body has an array of JSON in which a path goes beyond \(limit)")
        } catch {
            return IterationFailure(.validation, "the body \(Excerpt(body)) is not JSON")
        }
        for (expected, finding) in zip(expected, findings) where finding != .scalar(expected.value) {
            return IterationFailure(
                .validation,
                "\(expected.path) is \(finding) where \(expected.value.shown) was expected"
            )
        }
        return nil
    }
}

extension FailureReason {
    /// The reason of an answer whose status is not the expected one: by its class, and `validation` for any below 300.
    package init(unexpectedStatus status: Int) {
        switch status {
        case 429: self = .http429
        case 300...399: self = .http3xx
        case 400...499: self = .http4xx
        case 500...599: self = .http5xx
        default: self = .validation
        }
    }
}
