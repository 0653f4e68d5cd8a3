package import NIOCore

/// The bytes of a body, transfer coding removed, and when they arrived.
package struct TimedBody: Sendable {
    /// One read from the socket that brought bytes of the body.
    package struct Arrival: Hashable, Sendable {
        /// The number of bytes of the body that had arrived with this read.
        package var endOffset: Int
        /// Taken in the first handler of the pipeline, before TLS.
        package var instant: NIODeadline

        package init(endOffset: Int, instant: NIODeadline) {
            self.endOffset = endOffset
            self.instant = instant
        }
    }

    package private(set) var bytes: [UInt8] = []
    /// Ascending in both fields; the last ends where `bytes` end.
    package private(set) var arrivals: [Arrival] = []

    /// An empty body.
    package init() {}

    /// Adds what one read brought; several pieces of one read, which have the same instant, are one arrival.
    package mutating func append(_ piece: some Collection<UInt8>, at instant: NIODeadline) {
        guard !piece.isEmpty else { return }
        bytes.append(contentsOf: piece)
        if arrivals.last?.instant == instant { arrivals.removeLast() }
        arrivals.append(Arrival(endOffset: bytes.count, instant: instant))
    }

    /// When the byte at `offset`, an index of `bytes`, arrived.
    package func arrival(ofByteAt offset: Int) -> NIODeadline {
        var range = 0..<(arrivals.count - 1)
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = arrivals[middle].endOffset > offset ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return arrivals[range.lowerBound].instant
    }
}
