import ExporterTestSupport
import Testing

@testable import Probing

@Suite("The event stream decoder, on random streams")
struct EventStreamFuzzTests {
    /// What streams are made of, and what is easy to get wrong.
    static let pieces: [[UInt8]] =
        [
            "data", "data:", "data: ", "event", "event:", "event: ping", "id: 1", "retry: 3", ":", ": comment", " ",
            "x", "é",
            "👋", "[DONE]", "{\"choices\":[]}", "\u{FEFF}", "\u{0}", "\n", "\n", "\n", "\n\n", "\r", "\r", "\r\n",
            "\r\n\r\n",
        ].map { Array($0.utf8) } + [[0xC3], [0xF0, 0x9F], [0xFF], [0x80], [0xEF, 0xBB]]

    @Test("agrees with a reading of the whole text at once", arguments: 0..<20 as Range<UInt64>)
    func agreesWithReference(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            var stream: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                stream += Self.pieces.randomElement(using: &generator) ?? []
            }
            let found = events(of: stream)
            #expect(found.map { [$0.type, $0.data] } == reference(stream), "seed \(seed): \(stream)")
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.offset < $1.offset })
            #expect(found.allSatisfy { stream.indices.contains($0.offset) })
        }
    }

    /// The types and data of the events, read in the plainest way: text, then lines, then fields.
    private func reference(_ stream: [UInt8]) -> [[String]] {
        var scalars = Array(String(decoding: stream, as: UTF8.self).unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var lines: [String.UnicodeScalarView] = [.init()]
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\r" || scalar == "\n" && (index == 0 || scalars[index - 1] != "\r") {
                lines.append(.init())
            } else if scalar != "\n" {
                lines[lines.count - 1].append(scalar)
            }
        }
        var events: [[String]] = []
        var type = ""
        var data: [String] = []
        for line in lines.dropLast() {
            guard !line.isEmpty else {
                if !data.isEmpty { events.append([type.isEmpty ? "message" : type, data.joined(separator: "\n")]) }
                (type, data) = ("", [])
                continue
            }
            let name = line.prefix { $0 != ":" }
            var value = line.dropFirst(name.count + 1)
            if value.first == " " { value.removeFirst() }
            switch String(name) {
            case "data": data.append(String(value))
            case "event": type = String(value)
            default: break
            }
        }
        return events
    }
}
