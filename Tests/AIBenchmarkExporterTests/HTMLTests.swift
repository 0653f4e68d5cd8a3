import Testing

@testable import AIBenchmarkExporter

@Suite("markup") struct HTMLTests {
    @Test(
        "a text that is put into markup cannot become markup",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onclick='x'", "&quot; onclick=&#39;x&#39;"), ("&lt;", "&amp;lt;"), ("line\nline", "line\nline"),
            ("a\u{0}b\u{1B}[31m", "a\u{FFFD}b\u{FFFD}[31m"), ("\u{202E}txt.exe", "\u{FFFD}txt.exe"),
            ("größer", "größer"),
        ]
    )
    func escaping(text: String, expected: String) {
        let html: HTML = "<b title=\"\(text)\">\(text)</b>"
        #expect(html.text == "<b title=\"\(expected)\">\(expected)</b>")
    }

    @Test("markup within markup stays what it is, and nothing is nothing")
    func nesting() {
        let inner: HTML = "<i>\("<")</i>"
        let none: HTML? = nil
        let html: HTML = "<p>\(inner)\([inner, inner])\(none)\(3)</p>"
        #expect(html.text == "<p><i>&lt;</i><i>&lt;</i><i>&lt;</i>3</p>")
    }

    @Test(
        "a name may be broken between its words, and is a text like any other",
        arguments: [
            ("health_check", "health_<wbr>check"), ("plain", "plain"), ("", ""),
            ("<b>-</b>", "&lt;b&gt;-<wbr>&lt;/<wbr>b&gt;"),
        ]
    )
    func name(name: String, markup: String) {
        #expect(HTML.name(name).text == markup)
    }
}
