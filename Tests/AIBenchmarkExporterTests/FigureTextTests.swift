import Testing

@testable import AIBenchmarkExporter

@Suite("figures for people") struct FigureTextTests {
    @Test(
        "a latency has three digits and the unit that suits it",
        arguments: [
            (0, "0 s"), (0.000_045, "45.0 µs"), (0.000_999_4, "999 µs"), (0.000_999_6, "1.00 ms"),
            (0.009_996, "10.0 ms"), (0.0112, "11.2 ms"), (0.3, "300 ms"), (0.999_4, "999 ms"), (0.999_6, "1.00 s"),
            (1.25, "1.25 s"), (75, "75.0 s"),
            (.infinity, "failed"),
        ] as [(Double, String)]
    )
    func latency(seconds: Double, text: String) {
        #expect(FigureText.latency(seconds) == text)
    }

    @Test(
        "only everything is 100 %, and only nothing is 0 %",
        arguments: [
            (1, "100 %"), (0.9999, "> 99.9 %"), (0.995, "99.5 %"), (1 - 0.8, "20 %"), (0.5, "50 %"),
            (0.0001, "< 0.1 %"), (0, "0 %"),
            (.nan, ""),
        ] as [(Double, String)]
    )
    func percent(ratio: Double, text: String) {
        #expect(FigureText.percent(ratio) == text)
    }

    @Test(
        "a length of time is told in its largest whole unit",
        arguments: [(0.5, "500 ms"), (5, "5 s"), (90, "90 s"), (60, "1 min"), (21_600, "6 h"), (86_400, "1 d")]
    )
    func length(seconds: Double, text: String) {
        #expect(FigureText.length(seconds) == text)
    }

    @Test("thousands are apart")
    func count() {
        #expect(FigureText.count(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(FigureText.count(-12) == "-12")
        #expect(FigureText.count(.min).hasPrefix("-9\u{202F}223"))
    }

    @Test("a time says its zone, and one that is due says so")
    func time() {
        let html = FigureText.time(1_795_516_800, isDue: true)
        let iso = "2026-11-24T10:40:00Z"
        #expect(html.text == "<time datetime=\"\(iso)\" data-due>24 Nov 10:40:00 UTC</time>")
    }
}
