// HOW WIDE A TERMINAL SHOWS A TEXT
//
// In columns, as `wcwidth` of POSIX counts them, but the same in every locale: a container has often none but C, in which
// Glibc knows ASCII alone. Wide and fullwidth scalars take two columns (Unicode Standard Annex 11, East Asian Width, by
// blocks), as do those that are emoji by themselves; marks and formatting take none.

extension String {
    /// In columns of a terminal.
    var displayWidth: Int { unicodeScalars.reduce(0) { $0 + $1.displayWidth } }

    /// The beginning that is not wider than `width`.
    func prefix(displayWidth width: Int) -> String {
        var room = width
        return String(
            prefix { character in
                room -= String(character).displayWidth
                return room >= 0
            }
        )
    }

    /// The text, of which the middle gives way where it is wider than `width`.
    func shortened(toDisplayWidth width: Int) -> String {
        guard displayWidth > width else { return self }
        let end = String(String(reversed()).prefix(displayWidth: (width - 1) / 2).reversed())
        return prefix(displayWidth: max(0, width - 1 - end.displayWidth)) + "…" + end
    }

    /// The words in lines that are not wider than `width`, all but the first indented; a word that is wider stays whole.
    func wrapped(toDisplayWidth width: Int, indentation: String = "  ") -> [String] {
        guard displayWidth > width else { return [self] }
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            let longer = line.isEmpty ? String(word) : "\(line) \(word)"
            if line.isEmpty || longer.displayWidth <= width {
                line = longer
            } else {
                lines.append(line)
                line = indentation + word
            }
        }
        return lines + [line]
    }
}

extension Unicode.Scalar {
    /// Blocks that are wide as a whole, or as good as.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]

    /// Vowels and finals of Hangul, which join the consonant before them.
    private static let joining: ClosedRange<UInt32> = 0x1160...0x11FF

    fileprivate var displayWidth: Int {
        if isASCII { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        case _ where Self.joining.contains(value): return 0
        case _: return properties.isEmojiPresentation || Self.wide.contains { $0.contains(value) } ? 2 : 1
        }
    }
}
