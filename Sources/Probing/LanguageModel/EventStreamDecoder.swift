// Server-sent events, as the HTML standard has them in "Parsing an event stream" and "Interpreting an event stream":
// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
//
// A stream is lines that end in LF, CR or CRLF; a line is a comment, a field of the event being collected, or empty, which
// ends the event. The decoder takes one byte at a time, so it cannot matter where a network splits the stream: between
// CR and LF, or within a character. It keeps bytes until an event is whole and decodes UTF-8 only then.

/// One event of a stream.
struct ServerSentEvent: Hashable, Sendable {
    /// The value of the last `event` field; `message` where there is none.
    var type: String
    /// The values of the `data` fields, joined by line feeds; bytes that are not UTF-8 are U+FFFD.
    var data: String
    /// Where in the stream, counted from 0, the byte stands that completed the event: when it arrived, the event did.
    var offset: Int
}

/// The state machine that turns the bytes of an event stream into events.
///
/// An event that the stream's end cuts off is discarded, as the standard says. `id` and `retry` are of no use to someone
/// who never reconnects, and are ignored with all other fields.
struct EventStreamDecoder {
    /// The most bytes that a line, or the data of an event, may have.
    static let sizeLimit = 1 << 20

    enum Action: Hashable, Sendable {
        case needsMore
        case event(ServerSentEvent)
        /// A line or an event is larger than `sizeLimit`; so it is from here on, whatever comes.
        case tooLarge
    }

    /// The number of bytes received.
    private var count = 0
    /// The present line, without its end.
    private var line: [UInt8] = []
    private var isFirstLine = true
    private var followsCarriageReturn = false
    private var isTooLarge = false
    /// The value of the last `event` field of the present event.
    private var type: [UInt8] = []
    /// The values of the `data` fields of the present event, each followed by a line feed.
    private var data: [UInt8] = []

    /// Takes the next byte of the stream.
    mutating func receive(_ byte: UInt8) -> Action {
        guard !isTooLarge else { return .tooLarge }
        count += 1
        let endsCarriageReturnLineFeed = followsCarriageReturn && byte == UInt8(ascii: "\n")
        followsCarriageReturn = byte == UInt8(ascii: "\r")
        if endsCarriageReturnLineFeed { return .needsMore }
        if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") { return endLine() }
        guard line.count < Self.sizeLimit else { return refuse() }
        line.append(byte)
        return .needsMore
    }

    private mutating func endLine() -> Action {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        return line.isEmpty ? dispatch() : collectField()
    }

    /// A line without a colon is a field without a value; one that begins with a colon is a comment, here a field
    /// without a name.
    private mutating func collectField() -> Action {
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        let name = line[..<colon]
        if name.elementsEqual("data".utf8) {
            guard data.count + value.count < Self.sizeLimit else { return refuse() }
            data.append(contentsOf: value)
            data.append(UInt8(ascii: "\n"))
        } else if name.elementsEqual("event".utf8) {
            type = Array(value)
        }
        return .needsMore
    }

    private mutating func dispatch() -> Action {
        defer {
            data.removeAll(keepingCapacity: true)
            type.removeAll(keepingCapacity: true)
        }
        guard !data.isEmpty else { return .needsMore }
        return .event(
            ServerSentEvent(
                type: type.isEmpty ? "message" : String(decoding: type, as: UTF8.self),
                data: String(decoding: data.dropLast(), as: UTF8.self),
                offset: count - 1
            )
        )
    }

    /// Gives back what was kept of the stream, as nothing of it will be used.
    private mutating func refuse() -> Action {
        isTooLarge = true
        line = []
        data = []
        return .tooLarge
    }
}
