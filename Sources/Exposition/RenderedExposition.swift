package import BenchmarkModel

/// A body that is rendered when something is published, not when it is scraped.
///
/// A scrape appends the families that change by themselves to bytes that already exist, plain and compressed. The
/// compressed body is one gzip member all the same (RFC 1952): the prepared part ends on a byte boundary without
/// ending its deflate stream, so that the stream of the appended part continues it, and the checksums of both parts
/// are combined without reading the prepared one again.
package struct RenderedExposition: Sendable {
    private let plain: [UInt8]
    /// The header of a gzip member and the prepared part of its deflate stream.
    private let compressed: [UInt8]
    private let checksum: Checksum

    /// Encodes and compresses once.
    package init(_ snapshot: MetricSnapshot) {
        plain = TextFormat.encode(snapshot)
        checksum = Checksum(of: plain)
        compressed = Self.memberHeader + Deflate.compress(plain, ending: .betweenParts)
    }

    /// The prepared bytes, which are the same for every scrape.
    package func prepared(compressed isCompressed: Bool) -> [UInt8] { isCompressed ? compressed : plain }

    /// What follows the prepared bytes: `changing`, whose families must not be among the prepared ones.
    package func ending(appending changing: MetricSnapshot, compressed isCompressed: Bool) -> [UInt8] {
        let appended = TextFormat.encode(changing)
        guard isCompressed else { return appended }
        let total = checksum.appending(Checksum(of: appended))
        return Deflate.compress(appended, ending: .ofStream) + Self.littleEndian(total.value)
            + Self.littleEndian(UInt32(truncatingIfNeeded: total.count))
    }

    /// Deflate, no flags, no time, no hint about the effort, made on Unix (RFC 1952, section 2.3).
    private static let memberHeader: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }
}
