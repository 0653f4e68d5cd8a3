import CHiredis
import NIOCore

/// Commands as the bytes that a server reads, written by hiredis.
enum RedisCommandEncoder {
    /// The arguments of one command together; hiredis 0.14 counts the bytes in an `int`.
    static let maximumBytes = 64 << 20
    /// What a server accepts, see `processMultibulkBuffer` in networking.c of Redis.
    static let maximumWords = 1 << 20

    /// The bytes of a command; `nil` for one that has no word or is too large.
    static func encode(_ command: [[UInt8]]) -> ByteBuffer? {
        guard (1...maximumWords).contains(command.count) else { return nil }
        let lengths = command.map(\.count)
        let total = lengths.reduce(0, +)
        guard total <= maximumBytes else { return nil }
        var words: [UInt8] = []
        words.reserveCapacity(total + 1)
        for word in command { words += word }
        words.append(0)  // so that there is a pointer to words that are all empty
        return unsafe words.withUnsafeBytes { unsafe format($0, lengths: lengths) }
    }

    /// Formats words that stand one after the other in `words`.
    private static func format(_ words: UnsafeRawBufferPointer, lengths: [Int]) -> ByteBuffer? {
        guard var next = unsafe words.assumingMemoryBound(to: CChar.self).baseAddress else { return nil }
        var starts: [UnsafePointer<CChar>?] = unsafe []
        for length in lengths {
            unsafe starts.append(next)
            unsafe next += length
        }
        var formatted: UnsafeMutablePointer<CChar>?
        let count = unsafe redisFormatCommandArgv(&formatted, Int32(lengths.count), &starts, lengths)
        guard count > 0, let bytes = unsafe formatted else { return nil }
        defer { unsafe redisFreeCommand(bytes) }
        return unsafe ByteBuffer(bytes: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}
