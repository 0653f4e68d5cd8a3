import Testing

/// A request that must be refused, and the status of the refusal.
struct MalformedRequest: CustomTestStringConvertible {
    var status: Int
    var text: String

    var testDescription: String { "\(status) for \(text.prefix(120).debugDescription)" }

    init(_ status: Int, _ text: String) {
        self.status = status
        self.text = text
    }

    private static func head(_ status: Int, _ line: String) -> Self {
        Self(status, "GET /metrics HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n")
    }

    private static func requestLine(_ status: Int, _ line: String) -> Self {
        Self(status, "\(line)\r\nHost: a\r\n\r\n")
    }

    private static func host(_ status: Int, _ lines: String, target: String = "/metrics") -> Self {
        Self(status, "GET \(target) HTTP/1.1\r\n\(lines)\r\n")
    }

    private static func body(_ status: Int, _ lines: String, _ body: String, version: String = "1.1") -> Self {
        Self(status, "POST /reload HTTP/\(version)\r\nHost: a\r\n\(lines)\r\n\r\n\(body)")
    }

    private static func chunks(_ status: Int, _ body: String) -> Self {
        self.body(status, "Transfer-Encoding: chunked", body)
    }

    static let all = requestLines + heads + hosts + smuggling + chunked + sizes

    static let requestLines = [
        requestLine(400, "GET /metrics FTP/1.1"),
        requestLine(400, "GET /metrics "),
        requestLine(400, "GET /met rics HTTP/1.1"),
        requestLine(400, "GET /met\trics HTTP/1.1"),
        requestLine(400, "GET /met\0rics HTTP/1.1"),
        requestLine(400, "GET /metr\u{e9}cs HTTP/1.1"),
        requestLine(400, "GET /metrics#top HTTP/1.1"),
        requestLine(400, "GET metrics HTTP/1.1"),
        requestLine(400, "GET * HTTP/1.1"),
        requestLine(400, "OPTIONS * HTTP/1.1"),
        requestLine(400, "CONNECT a:80 HTTP/1.1"),
        requestLine(400, "GET ftp://a/metrics HTTP/1.1"),
        requestLine(400, "GET http:/metrics HTTP/1.1"),
        requestLine(400, " GET /metrics HTTP/1.1"),
        requestLine(400, "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}"),
        requestLine(400, "GET /metrics HTTP/1.1\nA: b"),
        requestLine(501, "GET\t/metrics HTTP/1.1"),
        requestLine(501, "get /metrics HTTP/1.1"),
        requestLine(501, "BREW /metrics HTTP/1.1"),
        requestLine(505, "GET /metrics"),
        requestLine(505, "GET /metrics HTTP/0.9"),
        requestLine(505, "GET /metrics HTTP/1.2"),
        requestLine(505, "GET /metrics HTTP/2.0"),
        requestLine(505, "GET /metrics HTTP/1.1x"),
        Self(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ]

    static let heads = [
        head(400, "A"),
        head(400, ": b"),
        head(400, "A b: c"),
        head(400, "A : b"),
        head(400, "\u{e9}: b"),
        head(400, "A: b\r\n folded"),
        head(400, "A: b\r\n\tfolded"),
        head(400, "A: b\rc"),
        head(400, "A: b\0c"),
        head(400, "A: b\u{1}c"),
        head(400, "A: b\u{7F}c"),
        head(400, "A: b\nC: d"),
        head(400, "A: b\n"),
        head(400, "A\u{1}: b"),
        head(400, "A\u{7F}: b"),
        head(400, "A\0: b"),
        head(400, "\"A\": b"),
        head(400, "A(b): c"),
        head(400, "A:\n b"),
        head(400, "A: b\r\r\nC: d"),
        Self(400, "GET /metrics HTTP/1.1\r\n A: b\r\nHost: a\r\n\r\n"),
        Self(400, "GET /metrics HTTP/1.1\r\nHost: a\r\n\n"),
        Self(400, "GET /metrics HTTP/1.1\nHost: a\n\n"),
        head(417, "Expect: 200-ok"),
        head(417, "Expect: 100-continue\r\nExpect: more"),
    ]

    static let hosts = [
        host(400, ""),
        host(400, "Host: a\r\nHost: a\r\n"),
        host(400, "Host: a\r\nhost: b\r\n"),
        host(400, "Host:\r\n"),
        host(400, "Host: a b\r\n"),
        host(400, "Host: a, b\r\n"),
        host(400, "Host: a/b\r\n"),
        host(400, "Host: user@a\r\n"),
        host(400, "Host: a:b\r\n"),
        host(400, "Host: a:1:2\r\n"),
        host(400, "Host: :80\r\n"),
        host(400, "Host: [::1\r\n"),
        host(400, "Host: []\r\n"),
        host(400, "Host: [::1]80\r\n"),
        host(400, "Host: [a.example]\r\n"),
        host(400, "Host: \u{fc}\r\n"),
        host(400, "Host : a\r\n"),
        host(400, "Host: a\r\n", target: "http://b/metrics"),
        host(400, "Host: a\r\n", target: "http://a:81/metrics"),
        host(400, "Host: a\r\n", target: "http://user@a/metrics"),
        host(400, "Host: a\r\n", target: "http:///metrics"),
        host(400, "", target: "http://a/metrics"),
        Self(400, "GET /metrics HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        Self(400, "GET /metrics HTTP/1.0\r\nHost: a b\r\n\r\n"),
    ]

    static let smuggling = [
        body(400, "Content-Length: 5\r\nContent-Length: 5", "hello"),
        body(400, "Content-Length: 5\r\nContent-Length: 6", "hello"),
        body(400, "Content-Length: 5\r\ncontent-length: 0", "hello"),
        body(400, "Content-Length: 5, 5", "hello"),
        body(400, "Content-Length: +5", "hello"),
        body(400, "Content-Length: -5", "hello"),
        body(400, "Content-Length: 0x5", "hello"),
        body(400, "Content-Length: 5 5", "hello"),
        body(400, "Content-Length: 5.0", "hello"),
        body(400, "Content-Length: \u{664}", "hello"),
        body(400, "Content-Length:", "hello"),
        body(400, "Content-Length: 5,", "hello"),
        body(400, "Content-Length: ,5", "hello"),
        body(400, "Content-Length: 5\0", "hello"),
        body(400, "Content-Length: 5\r\n 0", "hello"),
        body(400, "Content-Length\0: 5", "hello"),
        body(400, "Content-Length: 1e1", "hello"),
        body(400, "Content-Length: 5;a", "hello"),
        body(400, "Content-Length : 5", "hello"),
        body(400, "Content-Length: 99999999999999999999", "hello"),
        body(400, "Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"),
        body(400, "Content-Length: 5\r\nTransfer-Encoding: identity", "hello"),
        body(400, "Content-Length: 5\r\nTransfer-Encoding:", "hello"),
        body(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        body(400, "TRANSFER-ENCODING: chunked\r\ncontent-length: 5", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked\r\nA: b\rContent-Length: 5", "0\r\n\r\n"),
        body(400, "Content-Length: 5\r\n\tTransfer-Encoding: chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding\u{b}: chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked\0", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked,", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: ,chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: 'chunked'", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chun\u{212A}ed", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked, chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked, gzip", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked;q=1", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: \"chunked\"", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: identity", ""),
        body(400, "Transfer-Encoding: xchunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: \u{b}chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked\u{b}", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked ", "0\r\n\r\n"),
        body(400, "Transfer-Encoding:", "0\r\n\r\n"),
        body(400, "Transfer-Encoding:\r\n chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding : chunked", "0\r\n\r\n"),
        body(400, "Transfer-Encoding: chunked", "0\r\n\r\n", version: "1.0"),
    ]

    static let chunked = [
        chunks(400, "x\r\n\r\n"),
        chunks(400, "0x5\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "-5\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "+5\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "5_0\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "\u{665}\r\nhello\r\n0\r\n\r\n"),
        chunks(400, " 5\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "5\rXhello\r\n0\r\n\r\n"),
        chunks(400, "5\r\nhello\n0\r\n\r\n"),
        chunks(400, "5\r\nhello\rX0\r\n\r\n"),
        chunks(400, "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "0\r\nA: b\r\n c\r\n\r\n"),
        chunks(400, "\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "5\r\nhello!\r\n0\r\n\r\n"),
        chunks(400, "5\r\nhello0\r\n\r\n"),
        chunks(400, "5\nhello\n0\n\n"),
        chunks(400, "5 \r\nhello\r\n0\r\n\r\n"),
        chunks(400, "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        chunks(400, "0\r\nA : b\r\n\r\n"),
        chunks(400, "0\r\nContent-Length: 9\r\n\r\n"),
        chunks(400, "0\r\nTransfer-Encoding: gzip\r\n\r\n"),
    ]

    /// Over the standard limits.
    static let sizes = [
        requestLine(414, "GET /\(String(repeating: "a", count: 8 * 1024)) HTTP/1.1"),
        Self(414, "GET /\(String(repeating: "a", count: 10_000))"),
        head(431, "A: \(String(repeating: "b", count: 32 * 1024))"),
        head(431, "A: \(String(repeating: " ", count: 32 * 1024))b"),
        head(431, (0..<300).map { "A\($0): b" }.joined(separator: "\r\n")),
        head(431, (0..<40).map { "A\($0): \(String(repeating: "b", count: 1000))" }.joined(separator: "\r\n")),
        body(413, "Content-Length: 1048577", ""),
        body(413, "Content-Length: 9999999999", ""),
        chunks(413, "100001\r\n\(String(repeating: "a", count: 1_048_577))"),
        chunks(413, "ffffffffffffffff\r\n\(String(repeating: "a", count: 1_048_577))"),
        chunks(413, String(repeating: "1\r\na\r\n", count: 200_000)),
        chunks(413, "1;\(String(repeating: "a", count: 1_100_000))"),
        chunks(431, "0\r\nA: \(String(repeating: "b", count: 33_000))\r\n\r\n"),
    ]
}
