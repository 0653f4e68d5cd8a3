import Foundation
import NIOCore

/// A regular expression whose matching ends at a deadline.
///
/// Of Foundation, whose matching, other than that of the standard library, can be stopped: an unlucky text makes any
/// backtracking matcher take years, and an iteration ends at its deadline.
struct PatternMatcher: Sendable {
    enum Finding {
        case found, missing, outOfTime, tooLarge
    }

    enum Capture: Hashable {
        case found(String)
        case missing, outOfTime, tooLarge
    }

    /// The most bytes of a text; with so many, and a pattern that backtracks all the way, an iteration costs 13 MiB.
    static let maximumBytes = 256 * 1024

    private let expression: NSRegularExpression

    /// Throws when `pattern` is not a regular expression.
    init(_ pattern: String) throws {
        expression = try NSRegularExpression(pattern: pattern)
    }

    var pattern: String { expression.pattern }

    /// Whether the expression matches somewhere in UTF-8 text.
    func finding(in bytes: [UInt8], deadline: NIODeadline) -> Finding {
        guard bytes.count <= Self.maximumBytes else { return .tooLarge }
        return firstMatch(in: String(decoding: bytes, as: UTF8.self), deadline: deadline).finding
    }

    /// What the first group of the first match in UTF-8 text is, or the whole match where the expression has no group.
    func capture(in bytes: [UInt8], deadline: NIODeadline) -> Capture {
        guard bytes.count <= Self.maximumBytes else { return .tooLarge }
        let text = String(decoding: bytes, as: UTF8.self)
        let (finding, match) = firstMatch(in: text, deadline: deadline)
        switch finding {
        case .missing: return .missing
        case .outOfTime: return .outOfTime
        case .tooLarge: return .tooLarge
        case .found:
            let group = match.flatMap { Range($0.range(at: min(1, expression.numberOfCaptureGroups)), in: text) }
            return group.map { .found(String(text[$0])) } ?? .missing
        }
    }

    private func firstMatch(
        in text: String,
        deadline: NIODeadline
    ) -> (finding: Finding, match: NSTextCheckingResult?) {
        let range = NSRange(location: 0, length: text.utf16.count)
        var finding = Finding.missing
        var first: NSTextCheckingResult?
        expression.enumerateMatches(in: text, options: .reportProgress, range: range) { match, _, stop in
            if let match {
                first = match
                finding = .found
            } else if NIODeadline.now() > deadline {
                finding = .outOfTime
            }
            if finding != .missing { stop.pointee = true }
        }
        return (finding, first)
    }
}
