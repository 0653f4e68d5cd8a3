/// The beginning of a text that somebody else wrote, in quotes, fit for a log line.
struct Excerpt: CustomStringConvertible {
    /// At most this many characters of the text are shown.
    static let limit = 80

    let description: String

    init(_ text: some StringProtocol) {
        let shown = text.prefix(Self.limit)
        let quoted = String(String.UnicodeScalarView(shown.unicodeScalars.prefix(4 * Self.limit))).printable
        description = shown.endIndex == text.endIndex ? "'\(quoted)'" : "'\(quoted)…'"
    }

    /// The beginning of UTF-8 text; what is not UTF-8 shows as U+FFFD.
    init(_ bytes: [UInt8]) {
        self.init(String(decoding: bytes.prefix(8 * Self.limit), as: UTF8.self))
    }
}

extension String {
    /// The text with a space for each scalar that could move a cursor or turn the direction of what follows.
    ///
    /// A terminal shows it as what it is, whoever wrote it; it is one line.
    package var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.isPrintable ? $0 : " " }))
    }
}

extension Unicode.Scalar {
    /// Whether the scalar can neither move a cursor nor turn the direction of what follows.
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
