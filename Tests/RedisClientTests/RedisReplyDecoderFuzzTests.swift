import ExporterTestSupport
import NIOCore
import Testing

@testable import RedisClient

@Suite("RedisReplyDecoder under random bytes")
struct RedisReplyDecoderFuzzTests {
    private static let limits = RedisReplyLimits(maximumBytes: 200, maximumElements: 20, maximumDepth: 4)

    @Test("random bytes neither crash it nor mean something else when they come one by one", arguments: 1...8)
    func damaged(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var bytes = (0..<Int.random(in: 1...4, using: &generator)).flatMap { _ in item(depth: 0, using: &generator)
            }
            for _ in 0..<Int.random(in: 0...3, using: &generator) { damage(&bytes, using: &generator) }
            let buffer = ByteBuffer(bytes: bytes)
            let limits = Bool.random(using: &generator) ? Self.limits : .standard
            let whole = decode(buffer, limits: limits, sliceBytes: .max)
            for sliceBytes in [1, Int.random(in: 2...40, using: &generator)] {
                let sliced = decode(buffer, limits: limits, sliceBytes: sliceBytes)
                #expect(sliced.replies == whole.replies, "\(String(buffer: buffer).debugDescription)")
                #expect((sliced.fault == nil) == (whole.fault == nil), "\(String(buffer: buffer).debugDescription)")
            }
        }
    }

    @Test("a reply that hiredis would write is read back", arguments: 1...4)
    func readBack(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let words = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                (0..<Int.random(in: 0...30, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                }
            }
            let decoded = RedisCommandEncoder.encode(words).map { decode($0, limits: .standard, sliceBytes: 7) }
            #expect(decoded == Decoded(replies: [.array(words.map(RedisValue.bulk))]))
        }
    }

    /// One reply, often a right one.
    private func item(depth: Int, using generator: inout SeededGenerator) -> [UInt8] {
        let number = Int.random(in: -2...6, using: &generator)
        switch Int.random(in: 0...6, using: &generator) {
        case 0: return Array("+status \(number)\r\n".utf8)
        case 1: return Array("-ERR \(number)\r\n".utf8)
        case 2: return Array(":\(Int.random(in: .min ... .max, using: &generator))\r\n".utf8)
        case 3: return Array("$\(number)\r\n".utf8)
        case 4:
            let content = (0..<max(0, number)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            return Array("$\(content.count)\r\n".utf8) + content + Array("\r\n".utf8)
        case 5 where depth < 5:
            let elements = (0..<max(0, number)).flatMap { _ in item(depth: depth + 1, using: &generator) }
            return Array("*\(number)\r\n".utf8) + elements
        default:
            return Array(
                "*\(Int.random(in: 0 ... .max, using: &generator) >> Int.random(in: 0...62, using: &generator))\r\n"
                    .utf8
            )
        }
    }

    private func damage(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        guard let index = bytes.indices.randomElement(using: &generator) else { return }
        switch Int.random(in: 0...3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert("\r\n$*:+-0123456789".utf8.randomElement(using: &generator) ?? 0, at: index)
        default: bytes.removeSubrange(index...)
        }
    }
}
