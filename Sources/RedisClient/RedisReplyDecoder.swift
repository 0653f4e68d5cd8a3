import CHiredis
import NIOCore

/// Bytes in, replies out, by the reader of hiredis.
///
/// hiredis 0.14 keeps every limit to itself: a reader buffers a bulk string of any length, announces arrays of up to
/// 2³¹ − 1 elements, and does not look at the two bytes that end a bulk string. So it gets its bytes in slices, its
/// callbacks are ours (the builder refuses before anything is allocated; hiredis then reports "Out of memory"), and
/// what it keeps buffered is looked at after each slice. At most `maximumBytes` and one slice are ever buffered.
@safe
struct RedisReplyDecoder: ~Copyable {
    private static let sliceBytes = 16 << 10

    private let limits: RedisReplyLimits
    private let builder: RedisReplyBuilder
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private let reader: UnsafeMutablePointer<redisReader>
    /// The bytes that the reader was given.
    private var fed = 0
    /// How many of them had been read when the last reply was complete.
    private var replyStart = 0
    private var fault: RedisReplyFault?

    init(limits: RedisReplyLimits) {
        self.limits = limits
        builder = RedisReplyBuilder(limits: limits)
        unsafe functions = .allocate(capacity: 1)
        unsafe functions.initialize(to: replyFunctions())
        guard let reader = unsafe redisReaderCreateWithFunctions(functions) else {
            preconditionFailure("out of memory")
        }
        unsafe self.reader = unsafe reader
        unsafe reader.pointee.privdata = unsafe Unmanaged.passUnretained(builder).toOpaque()
    }

    deinit {
        unsafe redisReaderFree(reader)
        unsafe functions.deinitialize(count: 1)
        unsafe functions.deallocate()
    }

    /// Whether a part of the next reply has arrived.
    var isInMidReply: Bool { fed > replyStart }

    /// Appends the replies that `bytes` complete.
    ///
    /// After a fault, every further call throws it again; the replies that were complete before it are appended.
    mutating func decode(_ bytes: ByteBuffer, into replies: inout [RedisValue]) throws(RedisReplyFault) {
        if let fault { throw fault }
        var bytes = bytes
        do throws(RedisReplyFault) {
            while let slice = bytes.readSlice(length: min(bytes.readableBytes, Self.sliceBytes)),
                slice.readableBytes > 0
            {
                try feed(slice)
                while let reply = try nextReply() { replies.append(reply) }
                try checkBuffered()
            }
        } catch {
            fault = error
            throw error
        }
    }

    private mutating func feed(_ slice: ByteBuffer) throws(RedisReplyFault) {
        let result = unsafe slice.withUnsafeReadableBytes { bytes in
            unsafe redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard result == REDIS_OK else { throw readerFault() }
        fed += slice.readableBytes
    }

    private mutating func nextReply() throws(RedisReplyFault) -> RedisValue? {
        var token: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(reader, &token) == REDIS_OK else { throw readerFault() }
        guard let reply = builder.takeReply() else { return nil }
        let readSoFar = unsafe fed - (reader.pointee.len - reader.pointee.pos)
        defer { replyStart = readSoFar }
        guard readSoFar - replyStart <= limits.maximumBytes else { throw tooManyBytes }
        return reply
    }

    /// Refuses what waits in the buffer of the reader for its end, and need not be waited for.
    private func checkBuffered() throws(RedisReplyFault) {
        let count = unsafe reader.pointee.len - reader.pointee.pos
        guard fed - replyStart <= limits.maximumBytes else { throw tooManyBytes }
        guard count > 0, let start = unsafe reader.pointee.buf else { return }
        let buffered = unsafe UnsafeRawBufferPointer(start: start + reader.pointee.pos, count: count)
        // Of all items only a bulk string waits although its first line is complete: that line is its length.
        let head = unsafe buffered.prefix("9223372036854775807\r\n".utf8.count)
        let lineEnd = unsafe head.indices.dropLast().first {
            unsafe head[$0] == carriageReturn && head[$0 + 1] == lineFeed
        }
        if let lineEnd {
            let length = unsafe Int(String(decoding: head[..<lineEnd], as: UTF8.self)) ?? 0
            guard length <= limits.maximumBytes else { throw tooManyBytes }
        } else if count > RedisReplyLimits.maximumLineBytes {
            throw RedisReplyFault(code: .tooLarge, detail: RedisReplyLimits.tooLongLine)
        }
    }

    private var tooManyBytes: RedisReplyFault { RedisReplyFault(code: .tooLarge, detail: limits.tooManyBytes) }

    /// What the builder refused, or else what the reader says.
    private func readerFault() -> RedisReplyFault {
        if let fault = builder.fault { return fault }
        let text = unsafe withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisReplyFault(code: .protocolViolation, detail: text)
    }
}

private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")

/// The callbacks of a reader; each returns a pointer that is not null to go on and null to stop.
///
/// The pointer is never looked at, so there is nothing to free.
private func replyFunctions() -> redisReplyObjectFunctions {
    unsafe redisReplyObjectFunctions(
        createString: { task, text, length in
            guard let type = unsafe task?.pointee.type, let text = unsafe text else { return nil }
            return unsafe answer(task) { builder in
                let bytes = unsafe UnsafeRawBufferPointer(start: text, count: length)
                guard type == REDIS_REPLY_STRING else {
                    return unsafe builder.addLine(bytes, isError: type == REDIS_REPLY_ERROR)
                }
                // The reader has the two bytes behind a bulk string, but does not look at them.
                let end = unsafe UnsafeRawBufferPointer(start: text + length, count: 2)
                guard unsafe end[0] == carriageReturn, unsafe end[1] == lineFeed else {
                    return builder.refuse(.protocolViolation, "Bad end of a bulk string")
                }
                return unsafe builder.accepts(byteCount: length) && builder.add(.bulk(Array(bytes)))
            }
        },
        createArray: { task, count in
            unsafe answer(task) { $0.openArray(count: Int(count)) }
        },
        createInteger: { task, value in
            unsafe answer(task) { $0.add(.integer(value)) }
        },
        createNil: { task in
            unsafe answer(task) { $0.add(.null) }
        },
        freeObject: nil
    )
}

/// Hands the piece to the builder that the task carries; the decoder keeps both of them alive.
private func answer(
    _ task: UnsafePointer<redisReadTask>?,
    _ handle: (RedisReplyBuilder) -> Bool
) -> UnsafeMutableRawPointer? {
    guard let carried = unsafe task?.pointee.privdata else { return nil }
    let builder = unsafe Unmanaged<RedisReplyBuilder>.fromOpaque(carried).takeUnretainedValue()
    return unsafe handle(builder) ? carried : nil
}

extension RedisReplyBuilder {
    fileprivate func addLine(_ bytes: UnsafeRawBufferPointer, isError: Bool) -> Bool {
        guard bytes.count <= RedisReplyLimits.maximumLineBytes else {
            return refuse(.tooLarge, RedisReplyLimits.tooLongLine)
        }
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        return add(isError ? .error(text) : .status(text))
    }
}

extension RedisReplyLimits {
    fileprivate static let tooLongLine = "a line of the reply has more than \(maximumLineBytes) bytes"
}
