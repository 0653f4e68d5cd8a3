import Foundation
import NIOCore

/// A regular expression whose matching ends at a deadline.
///
/// Of Foundation, whose matching, other than that of the standard library, can be stopped: an unlucky text makes any
/// backtracking matcher take years, and an iteration ends at its deadline.
struct PatternMatcher: Sendable {
    enum Finding {
        case found, missing, outOfTime
    }

    private let expression: NSRegularExpression

    /// Throws when `pattern` is not a regular expression.
    init(_ pattern: String) throws {
        expression = try NSRegularExpression(pattern: pattern)
    }

    var pattern: String { expression.pattern }

    /// Whether the expression matches somewhere in UTF-8 text.
    func finding(in bytes: [UInt8], deadline: NIODeadline) -> Finding {
        let text = String(decoding: bytes, as: UTF8.self)
        let range = NSRange(location: 0, length: text.utf16.count)
        var finding = Finding.missing
        expression.enumerateMatches(in: text, options: .reportProgress, range: range) { match, _, stop in
            if match != nil {
                finding = .found
            } else if NIODeadline.now() > deadline {
                finding = .outOfTime
            }
            if finding != .missing { stop.pointee = true }
        }
        return finding
    }
}
