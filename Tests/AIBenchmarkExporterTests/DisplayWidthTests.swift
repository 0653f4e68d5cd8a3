import Testing

@testable import AIBenchmarkExporter

@Suite("text on a terminal") struct DisplayWidthTests {
    @Test(
        "wide characters take two columns, marks and formatting none",
        arguments: [
            ("", 0), ("abc", 3), ("µs – ≤ …", 8), ("模型", 4), ("かな", 4), ("ｶﾅ", 2), ("한국", 4), ("\u{1112}\u{1161}", 2),
            ("ＡＢ", 4), ("e\u{301}", 1), ("🙂", 2), ("a\u{200B}b", 2), ("▁█", 2), ("𠀀", 2), ("éß", 2),
        ]
    )
    func width(text: String, columns: Int) {
        #expect(text.displayWidth == columns)
    }

    @Test("a prefix is not wider than it may be, and no character is cut in two")
    func prefix() {
        #expect("abc".prefix(displayWidth: 5) == "abc")
        #expect("模型x".prefix(displayWidth: 3) == "模")
        #expect("模型x".prefix(displayWidth: 4) == "模型")
        #expect("e\u{301}a".prefix(displayWidth: 1) == "e\u{301}")
    }

    @Test(
        "the middle of a name gives way",
        arguments: [
            ("model", 5, "model"), ("memory_operations/create", 11, "memor…reate"), ("memory/gone", 8, "memo…one"),
            ("模型模型", 5, "模…型"), ("模型模型", 4, "模…"), ("abc", 1, "…"),
        ]
    )
    func shortened(text: String, width: Int, shown: String) {
        #expect(text.shortened(toDisplayWidth: width) == shown)
        #expect(shown.displayWidth <= width)
    }

    @Test(
        "lines break between words, and what is longer than a line stays whole",
        arguments: [
            ("one two", 7, ["one two"]), ("one two three", 9, ["one two", "  three"]),
            ("one http://a/long/url two", 8, ["one", "  http://a/long/url", "  two"]),
            ("模型 模型 a", 8, ["模型", "  模型 a"]), ("", 4, [""]),
        ]
    )
    func wrapped(text: String, width: Int, lines: [String]) {
        #expect(text.wrapped(toDisplayWidth: width) == lines)
    }

    @Test("columns stand below each other in every script")
    func columns() {
        let lines = TextTable.lines(of: [["模型", "1", "x"], ["name", "22", "y"]], alignedRight: [1])
        #expect(lines == ["模型   1  x", "name  22  y"])
    }
}
