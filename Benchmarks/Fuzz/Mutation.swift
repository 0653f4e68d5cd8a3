import ExporterTestSupport

/// Damages inputs: bits and bytes, pieces that go, come again or come from another input, and values at the edge.
struct Mutation {
    private static let edges = [
        "\0", "\r\n", "\n", "\"", "{", "[", "-1", "1e999", "18446744073709551616", "9223372036854775807", "\\ud800",
        "\u{FEFF}", "${", "{{", "*a", "&a", "%", ":", "null", "NaN",
    ].map { Array($0.utf8) }

    private let corpus: [[UInt8]]
    private var generator: SeededGenerator

    init(corpus: [[UInt8]], seed: UInt64) {
        self.corpus = corpus
        generator = SeededGenerator(seed: seed)
    }

    /// An input that has not been before, at most 64 KiB.
    mutating func next() -> [UInt8] {
        var bytes = other()
        for _ in 0..<Int.random(in: 1...6, using: &generator) { damage(&bytes) }
        return Array(bytes.prefix(64 * 1024))
    }

    private mutating func other() -> [UInt8] {
        corpus.randomElement(using: &generator) ?? []
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let start = Int.random(in: 0...bytes.count, using: &generator)
        let length = min(bytes.count - start, Int.random(in: 0...64, using: &generator))
        let range = start..<start + length
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: if start < bytes.count { bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
        case 1: if start < bytes.count { bytes[start] = UInt8.random(in: 0...255, using: &generator) }
        case 2: bytes.removeSubrange(range)
        case 3: bytes.insert(contentsOf: bytes[range], at: start)
        case 4: bytes.insert(contentsOf: Self.edges.randomElement(using: &generator) ?? [], at: start)
        case 5: bytes.insert(contentsOf: other().dropFirst(start).prefix(length), at: start)
        case _: bytes.removeSubrange(start...)
        }
    }
}
