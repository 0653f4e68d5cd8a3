import CZlib

/// Raw deflate streams (RFC 1951) by zlib.
enum Deflate {
    /// How a compressed part ends.
    enum Ending {
        /// On a byte boundary, with nothing that a later part could refer back to; the stream goes on.
        case betweenParts
        /// With the final block of the stream.
        case ofStream
    }

    /// Compresses `bytes` without a header; parts in sequence, the last one with the ending of the stream, are one
    /// stream.
    static func compress(_ bytes: [UInt8], ending: Ending) -> [UInt8] {
        var stream = z_stream()
        let version = ZLIB_VERSION
        let size = Int32(MemoryLayout<z_stream>.size)
        // Negative window bits ask for a raw stream; 8 is the default use of memory.
        let effort = Z_DEFAULT_COMPRESSION
        let status = deflateInit2_(&stream, effort, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, version, size)
        precondition(status == Z_OK, "zlib has no memory for a deflate stream")
        defer { deflateEnd(&stream) }
        // The bound is one for a finished stream; a full flush adds an empty stored block, which is 5 bytes.
        let capacity = Int(deflateBound(&stream, uLong(bytes.count))) + 16
        return Array(unsafeUninitializedCapacity: capacity) { output, count in
            // zlib reads from `next_in` and never writes to it.
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                let status = deflate(&stream, ending == .ofStream ? Z_FINISH : Z_FULL_FLUSH)
                precondition(status == (ending == .ofStream ? Z_STREAM_END : Z_OK) && stream.avail_in == 0)
            }
            count = output.count - Int(stream.avail_out)
        }
    }
}

/// The CRC-32 of some bytes and their number, as the end of a gzip member has them.
struct Checksum: Sendable {
    let value: UInt32
    let count: Int

    init(of bytes: [UInt8]) {
        // A null pointer would ask zlib for its initial value, which is the checksum of no bytes as well.
        value = UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) })
        count = bytes.count
    }

    private init(value: UInt32, count: Int) {
        self.value = value
        self.count = count
    }

    /// The checksum of the bytes of both, one after the other.
    func appending(_ other: Self) -> Self {
        let combined = crc32_combine(uLong(value), uLong(other.value), other.count)
        return Self(value: UInt32(truncatingIfNeeded: combined), count: count + other.count)
    }
}
