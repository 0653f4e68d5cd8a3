import NIOCore
import Testing

@testable import Probing

@Suite("Timed body")
struct HTTPTimedBodyTests {
    @Test("each byte has the instant of the read that brought it, however the reads fell", arguments: 1...7)
    func arrivals(_ stride: Int) {
        var body = TimedBody()
        var expected: [NIODeadline] = []
        for (index, start) in Swift.stride(from: 0, to: 20, by: stride).enumerated() {
            let instant = NIODeadline.uptimeNanoseconds(UInt64(index + 1))
            let piece = (start..<min(start + stride, 20)).map { UInt8($0) }
            body.append(piece, at: instant)
            body.append([], at: instant)
            expected += piece.map { _ in instant }
        }
        #expect(body.bytes == Array(0..<20))
        #expect(body.arrivals.last?.endOffset == 20)
        #expect(body.bytes.indices.map { body.arrival(ofByteAt: $0) } == expected)
    }
}
