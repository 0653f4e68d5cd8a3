import NIOCore
import Testing

@testable import RedisClient

@Suite("RedisReplyDecoder")
struct RedisReplyDecoderTests {
    @Test(
        "well-formed bytes are the replies that they say, whole and byte by byte",
        arguments: [
            ("+OK\r\n", [.status("OK")]),
            ("+\r\n", [.status("")]),
            ("-ERR unknown command\r\n", [.error("ERR unknown command")]),
            (":0\r\n", [.integer(0)]),
            (":-9223372036854775808\r\n", [.integer(.min)]),
            (":9223372036854775807\r\n", [.integer(.max)]),
            ("$-1\r\n", [.null]),
            ("*-1\r\n", [.null]),
            ("$0\r\n\r\n", [.bulk([])]),
            ("$5\r\n\r\n$1\r\r\n", [.bulk(Array("\r\n$1\r".utf8))]),
            ("*0\r\n", [.array([])]),
            ("*2\r\n*-1\r\n$-1\r\n", [.array([.null, .null])]),
            (
                "*3\r\n:1\r\n*2\r\n+a\r\n*0\r\n$1\r\nb\r\n",
                [.array([.integer(1), .array([.status("a"), .array([])]), .bulk([98])])]
            ),
            ("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:7\r\n", [nested(.integer(7), levels: 7)]),
            ("*1\r\n-ERR inside\r\n", [.array([.error("ERR inside")])]),
            ("+a\r\n:1\r\n$1\r\nb\r\n", [.status("a"), .integer(1), .bulk([98])]),
        ] as [(String, [RedisValue])]
    )
    func wellFormed(text: String, replies: [RedisValue]) {
        for decoded in [decode(text), decode(text, sliceBytes: 1)] {
            #expect(decoded.replies == replies)
            #expect(decoded.fault == nil)
            #expect(!decoded.isInMidReply)
        }
    }

    @Test(
        "bytes that are no reply are refused, whole and byte by byte",
        arguments: [
            (":abc\r\n", "Bad integer value"),
            (":\r\n", "Bad integer value"),
            (":9223372036854775808\r\n", "Bad integer value"),
            ("$abc\r\n", "Bad bulk string length"),
            ("$-2\r\n", "Bulk string length out of range"),
            ("$99999999999999999999\r\n", "Bad bulk string length"),
            ("$2\r\nabcd", "Bad end of a bulk string"),
            ("*abc\r\n", "Bad multi-bulk length"),
            ("*-2\r\n", "Multi-bulk length out of range"),
            ("*2147483648\r\n", "Multi-bulk length out of range"),
            ("*4294967297\r\n", "Multi-bulk length out of range"),
            ("HTTP/1.1 400 Bad Request\r\n", #"Protocol error, got "H" as reply type byte"#),
            ("\u{15}\u{3}\u{3}", #"Protocol error, got "\x15" as reply type byte"#),
            ("\r\n", #"Protocol error, got "\r" as reply type byte"#),
            ("_\r\n", #"Protocol error, got "_" as reply type byte"#),
            ("#t\r\n", ##"Protocol error, got "#" as reply type byte"##),
            (",3.14\r\n", #"Protocol error, got "," as reply type byte"#),
            ("(34928903284\r\n", #"Protocol error, got "(" as reply type byte"#),
            ("!3\r\nERR\r\n", #"Protocol error, got "!" as reply type byte"#),
            ("=7\r\ntxt:abc\r\n", #"Protocol error, got "=" as reply type byte"#),
            ("%1\r\n+a\r\n:1\r\n", #"Protocol error, got "%" as reply type byte"#),
            ("~1\r\n+a\r\n", #"Protocol error, got "~" as reply type byte"#),
            (">1\r\n+a\r\n", #"Protocol error, got ">" as reply type byte"#),
        ]
    )
    func malformed(text: String, detail: String) {
        for decoded in [decode("+OK\r\n*2\r\n:1\r\n" + text), decode("+OK\r\n*2\r\n:1\r\n" + text, sliceBytes: 1)] {
            #expect(decoded.replies == [.status("OK")])
            #expect(decoded.fault == RedisReplyFault(code: .protocolViolation, detail: detail))
        }
    }

    @Test(
        "what a reply announces beyond the limits is refused at the announcement",
        arguments: [
            ("$2147483647\r\n", "the reply has more than 8388608 bytes"),
            ("$9223372036854775807\r\n", "the reply has more than 8388608 bytes"),
            ("$8388609\r\n", "the reply has more than 8388608 bytes"),
            ("*2147483647\r\n", "the reply has more than 100000 elements"),
            ("*1000000000\r\n", "the reply has more than 100000 elements"),
            ("*100001\r\n", "the reply has more than 100000 elements"),
            ("*50000\r\n*50001\r\n", "the reply has more than 100000 elements"),
            (String(repeating: "*1\r\n", count: 8), "the reply has more than 7 levels of arrays"),
            (String(repeating: "*1\r\n", count: 9), "the reply has more than 7 levels of arrays"),
        ]
    )
    func announced(text: String, detail: String) {
        for decoded in [decode(text), decode(text, sliceBytes: 1)] {
            #expect(decoded.replies == [])
            #expect(decoded.fault == RedisReplyFault(code: .tooLarge, detail: detail))
        }
    }

    @Test("a reply of just the limits is read, and one byte, element or level more is not")
    func boundaries() {
        let limits = RedisReplyLimits(maximumBytes: 16, maximumElements: 3, maximumDepth: 2)
        for slice in [1, 1000] {
            #expect(decode("$9\r\n123456789\r\n", limits: limits, sliceBytes: slice).replies.count == 1)
            #expect(decode("$10\r\n1234567890\r\n", limits: limits, sliceBytes: slice).fault?.code == .tooLarge)
            #expect(decode("+1234567890123\r\n", limits: limits, sliceBytes: slice).replies.count == 1)
            #expect(decode("+12345678901234\r\n", limits: limits, sliceBytes: slice).fault?.code == .tooLarge)
            #expect(decode("*3\r\n:1\r\n:2\r\n:3\r\n", limits: limits, sliceBytes: slice).replies.count == 1)
            #expect(decode("*4\r\n", limits: limits, sliceBytes: slice).fault?.code == .tooLarge)
            #expect(decode("*1\r\n*1\r\n:1\r\n", limits: limits, sliceBytes: slice).replies.count == 1)
            #expect(decode("*1\r\n*1\r\n*1\r\n", limits: limits, sliceBytes: slice).fault?.code == .tooLarge)
        }
    }

    @Test("the limits are those of one reply, not of a connection")
    func limitsOfOneReply() {
        let limits = RedisReplyLimits(maximumBytes: 16, maximumElements: 2, maximumDepth: 1)
        let decoded = decode(String(repeating: "*2\r\n:1\r\n:2\r\n", count: 1000), limits: limits)
        #expect(decoded.replies == Array(repeating: .array([.integer(1), .integer(2)]), count: 1000))
        #expect(decoded.fault == nil)
    }

    @Test("a line without an end is refused at 16 KiB", arguments: ["+", "-", ":", "$", "*", "+\r", "$1\r"])
    func endlessLine(type: String) {
        let text = type + String(repeating: "1", count: 100_000)
        #expect(
            decode(text).fault
                == RedisReplyFault(code: .tooLarge, detail: "a line of the reply has more than 16384 bytes")
        )
    }

    @Test("after a fault nothing is read any more")
    func afterFault() {
        var decoder = RedisReplyDecoder(limits: .standard)
        var replies: [RedisValue] = []
        for text in ["?", "+OK\r\n", ""] {
            #expect(throws: RedisReplyFault.self) { try decoder.decode(ByteBuffer(string: text), into: &replies) }
        }
        #expect(replies == [])
    }

    @Test("a decoder knows whether a reply has begun")
    func midReply() throws {
        var decoder = RedisReplyDecoder(limits: .standard)
        var replies: [RedisValue] = []
        for (text, isInMidReply) in [
            ("", false), ("$", true), ("1\r\na\r\n", false), ("+a\r\n+", true), ("b\r\n", false),
        ] {
            try decoder.decode(ByteBuffer(string: text), into: &replies)
            #expect(decoder.isInMidReply == isInMidReply)
        }
        #expect(replies == [.bulk([97]), .status("a"), .status("b")])
    }
}

/// What a decoder made of some bytes.
struct Decoded: Equatable {
    var replies: [RedisValue] = []
    var fault: RedisReplyFault?
    var isInMidReply = false
}

func decode(
    _ text: String,
    limits: RedisReplyLimits = .standard,
    sliceBytes: Int = .max
) -> Decoded {
    decode(ByteBuffer(string: text), limits: limits, sliceBytes: sliceBytes)
}

func decode(_ bytes: ByteBuffer, limits: RedisReplyLimits, sliceBytes: Int) -> Decoded {
    var decoder = RedisReplyDecoder(limits: limits)
    var decoded = Decoded()
    var bytes = bytes
    while let slice = bytes.readSlice(length: min(sliceBytes, bytes.readableBytes)), slice.readableBytes > 0 {
        do throws(RedisReplyFault) {
            try decoder.decode(slice, into: &decoded.replies)
        } catch {
            decoded.fault = error
            break
        }
    }
    decoded.isInMidReply = decoder.isInMidReply
    return decoded
}

private func nested(_ value: RedisValue, levels: Int) -> RedisValue {
    (0..<levels).reduce(value) { value, _ in .array([value]) }
}
