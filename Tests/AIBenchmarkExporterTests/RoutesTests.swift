import Testing

@testable import AIBenchmarkExporter

@Suite("the path of the metrics") struct RoutesTests {
    @Test(
        "may be any that is free, and that every client sends as it stands there",
        arguments: ["/metrics", "/m", "/a/b.c/", "/benchmarks", "/-", "/...", "/~x!$&'()*+,;=:@-", "/ai/performances"]
    )
    func free(path: String) {
        #expect(Routes.canHaveMetrics(at: path))
    }

    @Test(
        "is none that is taken, or under which nobody would find them",
        arguments: [
            "", "/", "metrics", "/config", "/probe", "/-/metrics", "/assets/metrics", "/benchmarks/metrics",
            "/ai/performance", "/ai/performance/metrics", "/m?x", "/m#x", "/a b", "/a%20b", "/{name}", "//metrics",
            "/a//b",
            "/.", "/a/..", "/../a", "/é", "/a\n", "/a\u{0}", "/\"a\"", "/a\\b",
        ]
    )
    func taken(path: String) {
        #expect(!Routes.canHaveMetrics(at: path))
    }
}
