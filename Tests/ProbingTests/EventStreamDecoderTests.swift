import Testing

@testable import Probing

@Suite("The event stream decoder")
struct EventStreamDecoderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var stream: [UInt8]
        var events: [ServerSentEvent]

        init(_ description: String, _ stream: String, _ events: [ServerSentEvent]) {
            self.init(description, Array(stream.utf8), events)
        }

        init(_ description: String, _ stream: [UInt8], _ events: [ServerSentEvent]) {
            testDescription = description
            self.stream = stream
            self.events = events
        }
    }

    static let cases = [
        Case("one event", "data: a\n\n", [message("a", 8)]),
        Case(
            "one space after the colon is no part of the value",
            "data:a\n\ndata:  b\n\n",
            [message("a", 7), message(" b", 17)]
        ),
        Case("lines of data are joined by a line feed", "data: a\ndata\ndata: b\n\n", [message("a\n\nb", 21)]),
        Case("an event may have empty data", "data\n\ndata:\n\n", [message("", 5), message("", 12)]),
        Case("an event without data is none", "event: x\n\n\n\ndata: a\n\n", [message("a", 20)]),
        Case(
            "a type holds for its event",
            "event: x\ndata: a\n\ndata: b\n\n",
            [event("x", "a", 17), message("b", 26)]
        ),
        Case("the last type counts", "event: x\nevent: y\ndata: a\n\n", [event("y", "a", 26)]),
        Case("an empty type is the default one", "event: x\nevent\ndata: a\n\n", [message("a", 23)]),
        Case("comments are ignored", ": hi\n\n:\ndata: a\n:data: b\n\n", [message("a", 25)]),
        Case(
            "other fields are ignored",
            "id: 1\nretry: 5\nDATA: x\ndata : y\n data: z\ndata: a\n\n",
            [message("a", 49)]
        ),
        Case("a colon in the value is part of it", "data: a: b\n\n", [message("a: b", 11)]),
        Case(
            "lines may end in CR LF, and the event then ends with the CR",
            "data: a\r\ndata: b\r\n\r\n",
            [message("a\nb", 18)]
        ),
        Case("lines may end in CR", "data: a\rdata: b\r\rdata: c\r\r", [message("a\nb", 16), message("c", 25)]),
        Case(
            "line ends may be mixed",
            "data: a\r\rdata: b\n\r\ndata: c\r\n\n",
            [message("a", 8), message("b", 17), message("c", 28)]
        ),
        Case("LF CR is two line ends", "data: a\n\rdata: b\n\n", [message("a", 8), message("b", 17)]),
        Case("an event without its empty line is discarded", "data: a\n\ndata: b\n", [message("a", 8)]),
        Case("a line without its end is discarded", "data: a\n\ndata: b", [message("a", 8)]),
        Case("nothing", "", []),
        Case("a byte order mark at the start is skipped", "\u{FEFF}data: a\n\n", [message("a", 11)]),
        Case(
            "a byte order mark elsewhere is part of the line",
            "\n\u{FEFF}data: a\n\ndata: \u{FEFF}b\n\n",
            [message("\u{FEFF}b", 24)]
        ),
        Case("a first line of a byte order mark alone is empty", "\u{FEFF}\n\n", []),
        Case("characters of several bytes stay whole", "data: é👋\n\n", [message("é👋", 13)]),
        Case(
            "bytes that are not UTF-8 are replaced",
            Array("data: a".utf8) + [0xFF, 0xC3] + Array("\n\n".utf8),
            [message("a\u{FFFD}\u{FFFD}", 10)]
        ),
        Case("a NUL is a character", "data: \u{0}\n\n", [message("\u{0}", 8)]),
    ]

    static func message(_ data: String, _ offset: Int) -> ServerSentEvent { event("message", data, offset) }

    static func event(_ type: String, _ data: String, _ offset: Int) -> ServerSentEvent {
        ServerSentEvent(type: type, data: data, offset: offset)
    }

    @Test("reads a stream as the HTML standard says", arguments: cases)
    func standard(_ example: Case) {
        #expect(events(of: example.stream) == example.events)
    }

    @Test("gives an event with the very byte that completes it", arguments: cases)
    func offsets(_ example: Case) {
        for event in example.events {
            #expect(events(of: example.stream.prefix(event.offset)).last?.offset != event.offset)
            #expect(events(of: example.stream.prefix(event.offset + 1)).last == event)
        }
    }

    @Test("accepts a line of just the limit, and an event of one byte less")
    func largest() {
        let limit = EventStreamDecoder.sizeLimit
        let comment = [UInt8](repeating: UInt8(ascii: ":"), count: limit)
        let data = Array("data:".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: limit - 6)
        let stream = comment + Array("\n".utf8) + data + Array("\ndata:1234\n\n".utf8)
        #expect(events(of: stream).map(\.data.utf8.count) == [limit - 1])
    }

    @Test(
        "refuses a larger line or event, and all that follows it",
        arguments: [
            ("", "x", EventStreamDecoder.sizeLimit + 1),
            ("data:", "x", EventStreamDecoder.sizeLimit),
            ("", "data:0123456789\n", EventStreamDecoder.sizeLimit / 11 + 1),
        ]
    )
    func tooLarge(_ start: String, _ repeated: String, _ count: Int) {
        var decoder = EventStreamDecoder()
        let actions = (start + String(repeating: repeated, count: count)).utf8.map { decoder.receive($0) }
        #expect(actions.last == .tooLarge)
        #expect(actions.allSatisfy { $0 == .needsMore || $0 == .tooLarge })
        for byte in "\n\ndata: a\n\n".utf8 { #expect(decoder.receive(byte) == .tooLarge) }
    }
}

/// The events of a whole stream.
func events(of stream: some Sequence<UInt8>) -> [ServerSentEvent] {
    var decoder = EventStreamDecoder()
    var events: [ServerSentEvent] = []
    for byte in stream {
        if case .event(let event) = decoder.receive(byte) { events.append(event) }
    }
    return events
}
