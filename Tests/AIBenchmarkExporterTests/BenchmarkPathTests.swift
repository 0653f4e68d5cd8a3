import ExporterServer
import Testing

@testable import AIBenchmarkExporter

@Suite("the address of the page of a benchmark") struct BenchmarkPathTests {
    private static let names = [
        "health_check", "a b", "größer", "a/b", "a%2Fb", "a%252Fb", "..", ".", "%2E%2E", "a\\b", "?x=1#y", "<script>",
        "a+b",
        "😀",
    ]

    @Test("every name has a path of its own that leads to it", arguments: names)
    func path(name: String) throws {
        let path = BenchmarkPath.path(of: name)
        let segment = try #require(path.split(separator: "/").last)
        #expect(path.split(separator: "/").count == 2)
        let decoded = try #require(PercentDecoding.decode(segment))
        // What the router takes for a name.
        #expect(!decoded.contains { "/\\".contains($0) } && decoded != "." && decoded != "..")
        #expect(Self.names.filter { BenchmarkPath.leads(decoded, to: $0) } == [name])
    }

    @Test("an ordinary name stands in the path as it is")
    func ordinary() {
        #expect(BenchmarkPath.path(of: "health_check-1.2") == "/benchmarks/health_check-1.2")
        #expect(BenchmarkPath.path(of: "a b") == "/benchmarks/a%20b")
    }
}
