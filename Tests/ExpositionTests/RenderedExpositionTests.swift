import BenchmarkModel
import CZlib
import ExporterTestSupport
import Exposition
import Foundation
import Testing

@Suite struct RenderedExpositionTests {
    /// A prepared and an appended snapshot.
    struct Parts: CustomTestStringConvertible {
        var testDescription: String
        var prepared: MetricSnapshot
        var changing: MetricSnapshot
    }

    static let parts = [
        Parts(testDescription: "both", prepared: SampleSnapshots.rich, changing: SampleSnapshots.changing),
        Parts(testDescription: "nothing appended", prepared: SampleSnapshots.rich, changing: MetricSnapshot()),
        Parts(testDescription: "nothing prepared", prepared: MetricSnapshot(), changing: SampleSnapshots.changing),
        Parts(testDescription: "nothing", prepared: MetricSnapshot(), changing: MetricSnapshot()),
        Parts(testDescription: "large", prepared: large("a"), changing: large("b")),
    ]

    @Test("the plain body is the prepared families and the appended ones", arguments: parts)
    func plain(_ parts: Parts) {
        let body = RenderedExposition(parts.prepared).body(appending: parts.changing, compressed: false)
        #expect(body == TextFormat.encode(parts.prepared) + TextFormat.encode(parts.changing))
    }

    @Test("the compressed body is one gzip member with the bytes of the plain one", arguments: parts)
    func compressed(_ parts: Parts) throws {
        let rendered = RenderedExposition(parts.prepared)
        let compressed = rendered.body(appending: parts.changing, compressed: true)
        let plain = rendered.body(appending: parts.changing, compressed: false)
        let member = try #require(GzipMember(compressed, expectedCount: plain.count))
        #expect(member.content == plain)
        #expect(member.unreadCount == 0)
    }

    @Test("gzip and Python read the compressed body as one member", .timeLimit(.minutes(1)), arguments: parts)
    func otherReaders(_ parts: Parts) async throws {
        let rendered = RenderedExposition(parts.prepared)
        let folder = try TemporaryDirectory()
        for isCompressed in [false, true] {
            let body = rendered.body(appending: parts.changing, compressed: isCompressed)
            let file = folder.file(isCompressed ? "body.gz" : "body")
            try Data(body).write(to: URL(fileURLWithPath: file))
        }
        let gzip = try ChildProcess("sh", arguments: ["-c", "gzip -dc body.gz | cmp - body"], directory: folder.path)
        #expect(await gzip.waitForExit() == 0, "\(gzip.lines)")
        let script = """
            import zlib
            member = zlib.decompressobj(31)
            assert member.decompress(open('body.gz', 'rb').read()) == open('body', 'rb').read()
            assert member.eof and not member.unused_data
            """
        let python = try ChildProcess(
            "python3",
            debianPackage: "python3",
            arguments: ["-c", script],
            directory: folder.path
        )
        #expect(await python.waitForExit() == 0, "\(python.lines)")
    }

    private static func large(_ name: String) -> MetricSnapshot {
        let series = (0..<20_000).map { MetricSeries(["number": "\($0 &* 2_654_435_761)"], .number(Double($0) / 7)) }
        return MetricSnapshot(families: [MetricFamily(name: name, help: "Large.", type: .gauge, series: series)])
    }
}

/// What zlib reads as the first gzip member of some bytes.
private struct GzipMember {
    var content: [UInt8]
    var unreadCount: Int

    /// `nil` when the bytes are no complete member with at most `expectedCount` bytes of content.
    init?(_ bytes: [UInt8], expectedCount: Int) {
        var bytes = bytes
        var stream = z_stream()
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var status = Z_OK
        content = Array(unsafeUninitializedCapacity: expectedCount + 1) { output, count in
            bytes.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                status = inflate(&stream, Z_FINISH)
            }
            count = output.count - Int(stream.avail_out)
        }
        unreadCount = Int(stream.avail_in)
        guard status == Z_STREAM_END else { return nil }
    }
}

extension RenderedExposition {
    /// The whole body.
    fileprivate func body(appending changing: MetricSnapshot, compressed: Bool) -> [UInt8] {
        prepared(compressed: compressed) + ending(appending: changing, compressed: compressed)
    }
}
