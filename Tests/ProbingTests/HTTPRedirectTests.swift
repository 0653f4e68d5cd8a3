import ExporterConfiguration
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("HTTP redirect")
struct HTTPRedirectTests {
    private let base = HTTPTarget.local(8000, host: "assistant.test", pathPrefix: "/api").baseURL

    private func redirect(
        _ status: Int,
        _ location: String?,
        of request: HTTPRequest = HTTPRequest(method: "GET", target: "/a/b?c=d")
    ) -> HTTPRedirect? {
        let headers: HTTPHeaders = location.map { ["Location": $0] } ?? [:]
        let timing = HTTPTiming(
            startedAt: .now(),
            requestStartedAt: .now(),
            requestWrittenAt: .now(),
            firstByteAt: .now(),
            completedAt: .now()
        )
        let answer = HTTPAnswer(status: status, headers: headers, body: TimedBody(), timing: timing)
        return HTTPRedirect(answer, to: request, at: base)
    }

    @Test(
        "a location is resolved against the request",
        arguments: [
            ("/x", "/x"), ("x?y=z", "/api/a/x?y=z"), ("../x#f", "/api/x"), ("?q", "/api/a/b?q"),
            ("http://assistant.test:8000", "/"), ("HTTP://ASSISTANT.test:8000/x%20y", "/x%20y"),
            ("//assistant.test:8000/x", "/x"), ("/a b", "/a%20b"),
        ]
    )
    func location(_ location: String, _ target: String) throws {
        guard case .follow(let request) = redirect(302, location) else { throw Refused() }
        #expect(request.target == target)
        #expect(request.isWholePath)
    }

    @Test(
        "a location that would leave the origin, or is none, is refused",
        arguments: [
            ("https://assistant.test:8000/x", "the location is in another origin, 'https://assistant.test:8000'"),
            ("http://assistant.test/x", "the location is in another origin, 'http://assistant.test'"),
            (
                "http://assistant.test.evil:8000/",
                "the location is in another origin, 'http://assistant.test.evil:8000'"
            ),
            ("//evil.test/x?token=1", "the location is in another origin, 'http://evil.test'"),
            ("http://assistant.test:8000@evil.test/", "the location is in another origin, 'http://evil.test'"),
            ("file:///etc/passwd", "the location 'file:///etc/passwd' is not an HTTP URL"),
            ("http://[/", "the location 'http://[/' is not an HTTP URL"),
        ]
    )
    func refused(_ location: String, _ why: String) throws {
        guard case .refuse(let reason) = redirect(307, location) else { throw Refused() }
        #expect(reason == why)
    }

    @Test("a redirect without a location is refused, and other answers are none")
    func none() {
        guard case .refuse("status 301 without a location") = redirect(301, nil) else {
            Issue.record("followed without a location")
            return
        }
        for status in [200, 300, 304, 305, 400] { #expect(redirect(status, "/x") == nil) }
    }

    @Test(
        "301, 302 and 303 turn a POST into a GET, 307 and 308 keep it",
        arguments: [
            (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"), (307, "POST", "POST"),
            (308, "POST", "POST"),
            (302, "PUT", "PUT"), (303, "PUT", "GET"), (303, "HEAD", "HEAD"),
        ]
    )
    func method(_ status: Int, _ method: String, _ expected: String) throws {
        let original = HTTPRequest(
            method: method,
            target: "/",
            headers: ["Content-Type": "application/json", "X-A": "b"],
            body: [1]
        )
        guard case .follow(let request) = redirect(status, "/x", of: original) else { throw Refused() }
        #expect(request.method == expected)
        #expect(request.body == (expected == method ? [1] : nil))
        #expect(request.headers.contains(name: "Content-Type") == (expected == method))
        #expect(request.headers.contains(name: "X-A"))
    }
}

private struct Refused: Error {}
