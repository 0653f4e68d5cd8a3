import NIOCore
import Testing

@testable import RedisClient

@Suite("RedisCommandEncoder")
struct RedisCommandEncoderTests {
    @Test(
        "a command is an array of bulk strings, whatever bytes its words have",
        arguments: [
            ([Array("PING".utf8)], "*1\r\n$4\r\nPING\r\n"),
            ([Array("SET".utf8), Array("a b".utf8), []], "*3\r\n$3\r\nSET\r\n$3\r\na b\r\n$0\r\n\r\n"),
            ([[], []], "*2\r\n$0\r\n\r\n$0\r\n\r\n"),
            ([[0, 13, 10, 37, 115]], "*1\r\n$5\r\n\0\r\n%s\r\n"),
        ] as [([[UInt8]], String)]
    )
    func encodes(command: [[UInt8]], text: String) {
        #expect(RedisCommandEncoder.encode(command) == ByteBuffer(string: text))
    }

    @Test("a command without a word, or of more than 64 MiB, is refused")
    func refuses() {
        #expect(RedisCommandEncoder.encode([]) == nil)
        let half = [UInt8](repeating: 0, count: 32 << 20)
        #expect(RedisCommandEncoder.encode([half, half]) != nil)
        #expect(RedisCommandEncoder.encode([half, half, [0]]) == nil)
    }
}
