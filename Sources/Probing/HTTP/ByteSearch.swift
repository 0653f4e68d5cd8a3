import NIOCore

extension [UInt8] {
    /// How many bytes are looked at between two looks at the clock.
    private static var stride: Int { 64 * 1024 }

    /// Whether the bytes of `text` are somewhere in these, one after the other; `nil` where that was not known by the deadline.
    ///
    /// By Knuth, Morris and Pratt, in time proportional to the two lengths: 8 MiB take up to a second. The search of
    /// Foundation is faster on most bodies, and takes far longer on one that is made for it.
    func contains(_ text: String, before deadline: NIODeadline) -> Bool? {
        var search = ByteSearch(Array(text.utf8))
        if search.isOver { return true }
        for (index, byte) in enumerated() {
            if search.takes(byte) { return true }
            if index % Self.stride == Self.stride - 1, .now() > deadline { return nil }
        }
        return false
    }
}

/// A search as far as it has come.
private struct ByteSearch {
    private let sought: [UInt8]
    /// For each end within `sought`: how many bytes before that end are also the first of `sought`.
    private var borders = [0]
    private var matched = 0

    init(_ sought: [UInt8]) {
        self.sought = sought
        for byte in sought.dropFirst() {
            extend(with: byte)
            borders.append(matched)
        }
        matched = 0
    }

    var isOver: Bool { matched == sought.count }

    /// Whether all is found with the next byte.
    mutating func takes(_ byte: UInt8) -> Bool {
        extend(with: byte)
        return isOver
    }

    private mutating func extend(with byte: UInt8) {
        while matched > 0, sought[matched] != byte { matched = borders[matched - 1] }
        if sought[matched] == byte { matched += 1 }
    }
}
