import BenchmarkModel
import ExporterConfiguration
import NIOCore
import NIOHTTP1

/// Takes the values of variables from answers.
struct CaptureReader: Sendable {
    /// Longer texts are no identifiers; what an iteration holds on to stays small.
    static let maximumBytes = 4096

    private let captures: [CaptureDefinition]
    private let paths: [JSONPath]
    /// By pattern.
    private let matchers: [String: PatternMatcher]

    struct Failure: Error {
        var reason: FailureReason
        var detail: String
    }

    init(_ captures: [CaptureDefinition]) {
        self.captures = captures
        var paths: [JSONPath] = []
        var matchers: [String: PatternMatcher] = [:]
        for capture in captures {
            switch capture.source {
            case .json(let path): paths.append(path)
            case .match(let pattern): matchers[pattern] = try? PatternMatcher(pattern)
            case .header: continue
            }
        }
        self.paths = paths
        self.matchers = matchers
    }

    /// The variables that an answer sets.
    func values(in answer: ProbeAnswer, deadline: NIODeadline) throws(Failure) -> [String: JSONScalar] {
        guard !captures.isEmpty else { return [:] }
        var findings = try findings(in: answer, deadline: deadline)[...]
        var values: [String: JSONScalar] = [:]
        for capture in captures {
            let value: JSONScalar
            switch capture.source {
            case .header(let name):
                guard let text = answer.headers[name].first else {
                    throw missing(capture, "the answer has no header \(name)")
                }
                value = .string(text)
            case .match(let pattern):
                value = .string(try match(of: pattern, for: capture, in: answer, deadline: deadline))
            case .json(let path):
                guard case .scalar(let scalar) = findings.popFirst() ?? .nothing, scalar != .null else {
                    throw missing(capture, "\(path) is no text, number or boolean")
                }
                value = scalar
            }
            values[capture.variable] = try checked(value, capture)
        }
        return values
    }

    private func findings(
        in answer: ProbeAnswer,
        deadline: NIODeadline
    ) throws(Failure) -> [JSONPathQuery.Finding] {
        guard !paths.isEmpty else { return [] }
        let text = answer.document ?? answer.text ?? []
        do {
            return try JSONPathQuery.findings(at: paths, in: text, deadline: deadline)
        } catch is JSONPathQuery.OutOfTime {
            throw Failure(reason: .timeout, detail: "timed out with \(text.count) bytes of JSON to read")
        } catch is JSONPathQuery.TooLarge {
            throw Failure(reason: .tooLarge, detail: "the answer has \(text.count) bytes, too many to read as JSON")
        } catch is JSONPathQuery.TooLong {
            let limit = JSONPathQuery.maximumIndex
            throw Failure(reason: .tooLarge, detail: "the answer has an array in which a path goes beyond \(limit)")
        } catch {
            throw Failure(reason: .validation, detail: "the answer \(Excerpt(text)) is not JSON to capture from")
        }
    }

    private func match(
        of pattern: String,
        for capture: CaptureDefinition,
        in answer: ProbeAnswer,
        deadline: NIODeadline
    ) throws(Failure) -> String {
        switch matchers[pattern]?.capture(in: answer.text ?? [], deadline: deadline) ?? .missing {
        case .found(let text): return text
        case .missing: throw missing(capture, "the answer does not match \(Excerpt(pattern))")
        case .outOfTime:
            throw Failure(reason: .timeout, detail: "timed out while matching \(Excerpt(pattern)) against the answer")
        case .tooLarge:
            let detail =
                "the answer has more than \(PatternMatcher.maximumBytes) bytes, too many for \(Excerpt(pattern))"
            throw Failure(reason: .tooLarge, detail: detail)
        }
    }

    /// A double is exact up to 2^53, so that a greater number may be another one than the service meant.
    private func checked(_ value: JSONScalar, _ capture: CaptureDefinition) throws(Failure) -> JSONScalar {
        switch value {
        case .string(let text) where text.utf8.count > Self.maximumBytes:
            throw missing(capture, "a text of \(text.utf8.count) bytes is more than \(Self.maximumBytes)")
        case .number(let number) where number.magnitude > 0x1p53:
            throw missing(capture, "the number is beyond 2^53")
        case .null, .bool, .number, .string:
            return value
        }
    }

    private func missing(_ capture: CaptureDefinition, _ why: String) -> Failure {
        Failure(reason: .validation, detail: "no value for {{\(capture.variable)}}: \(why)")
    }
}
