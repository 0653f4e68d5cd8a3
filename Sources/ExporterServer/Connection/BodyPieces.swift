import NIOCore

/// The body of an answer as it goes out: in pieces that are copied one at a time, so that who reads slowly makes the server
/// hold one of them and not all.
struct BodyPieces: Sendable {
    static let pieceBytes = 64 * 1024

    private var parts: [ArraySlice<UInt8>]

    init(_ response: ServerResponse) {
        parts = [response.sharedBody[...], response.body[...]].filter { !$0.isEmpty }
    }

    var isEmpty: Bool { parts.isEmpty }

    /// The next piece; `nil` after the last.
    mutating func next() -> ByteBuffer? {
        guard let part = parts.first else { return nil }
        let rest = part.dropFirst(Self.pieceBytes)
        if rest.isEmpty { parts.removeFirst() } else { parts[0] = rest }
        return ByteBuffer(bytes: part.prefix(Self.pieceBytes))
    }
}
