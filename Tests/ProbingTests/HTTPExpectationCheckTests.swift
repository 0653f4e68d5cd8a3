import BenchmarkModel
import NIOCore
import NIOHTTP1
import Testing

@testable import ExporterConfiguration
@testable import Probing

extension HTTPExpectation {
    /// An expectation that any 2xx answer meets, but for what is given.
    static func test(
        statuses: [Int] = [],
        headers: [String: String] = [:],
        contains: String? = nil,
        matches: String? = nil,
        json: [JSONExpectation] = []
    ) -> HTTPExpectation {
        HTTPExpectation(
            statuses: statuses,
            headers: headers,
            bodyContains: contains,
            bodyMatches: matches,
            json: json
        )
    }
}

extension JSONPath {
    static func test(_ steps: Step...) -> JSONPath {
        let text = steps.map { step in
            switch step {
            case .member(let name): ".\(name)"
            case .index(let index): "[\(index)]"
            }
        }
        return JSONPath(steps: steps, description: "$" + text.joined())
    }
}

@Suite("HTTP expectation check")
struct HTTPExpectationCheckTests {
    private func failure(
        _ expectation: HTTPExpectation,
        status: Int = 200,
        headers: HTTPHeaders = [:],
        body: String = "",
        deadline: NIODeadline = .generous
    ) -> IterationFailure? {
        var timed = TimedBody()
        timed.append(Array(body.utf8), at: .now())
        let timing = HTTPTiming(
            startedAt: .now(),
            requestStartedAt: .now(),
            requestWrittenAt: .now(),
            firstByteAt: .now(),
            completedAt: .now()
        )
        let answer = HTTPAnswer(status: status, headers: headers, body: timed, timing: timing)
        return HTTPExpectationCheck(expectation).failure(of: answer, deadline: deadline)
    }

    @Test(
        "a status that is not expected has the reason of its class",
        arguments: [
            (301, FailureReason.http3xx), (404, .http4xx), (429, .http429), (500, .http5xx), (503, .http5xx),
            (600, .validation),
        ]
    )
    func statuses(_ status: Int, _ reason: FailureReason) {
        let unexpected = failure(.test(), status: status)
        #expect(unexpected == IterationFailure(reason, "status \(status) where 2xx was expected"))
        #expect(failure(.test(statuses: [200, status]), status: status) == nil)
    }

    @Test("an unexpected success is a wrong answer, and its body is quoted")
    func unexpectedSuccess() {
        #expect(
            failure(.test(statuses: [204, 404]), body: "a\n\u{1B}[2Jb\u{202E}")
                == IterationFailure(
                    .validation,
                    "status 200 where 204 or 404 was expected, with the body 'a  [2Jb '"
                )
        )
    }

    @Test("headers are looked up without regard to case, and must have just the value")
    func headers() {
        let expectation = HTTPExpectation.test(headers: ["x-cache": "HIT"])
        #expect(failure(expectation, headers: ["X-Cache": "HIT"]) == nil)
        #expect(
            failure(expectation, headers: ["X-Cache": "MISS"])
                == IterationFailure(.validation, "the header x-cache is 'MISS' where 'HIT' was expected")
        )
        #expect(failure(expectation) == IterationFailure(.validation, "no header x-cache"))
    }

    @Test("a body must contain the text, and a long one is quoted by its beginning")
    func contains() {
        #expect(failure(.test(contains: "ready"), body: "all ready") == nil)
        #expect(failure(.test(contains: ""), body: "") == nil)
        let body = String(repeating: "é", count: 1_000)
        let quoted = String(repeating: "é", count: 80)
        #expect(
            failure(.test(contains: "ready"), body: body)
                == IterationFailure(.validation, "the body '\(quoted)…' does not contain 'ready'")
        )
    }

    @Test(
        "a text is found wherever it begins, also where it began in vain before",
        arguments: [
            ("aab", "aab", true), ("aab", "aaaab", true), ("abab", "abacabab", true), ("aabaaab", "aabaabaaab!", true),
            ("aab", "aaaa", false), ("aab", "ab", false), ("é", "è", false), ("b", "", false), ("", "", true),
        ]
    )
    func search(_ text: String, _ body: String, _ isThere: Bool) {
        #expect(Array(body.utf8).contains(text, before: .generous) == isThere)
    }

    @Test("the search of a long body ends at the deadline, that of a short one is over before")
    func endlessSearch() {
        let short = String(repeating: "a", count: 1_000) + "b"
        #expect(failure(.test(contains: "ab"), body: short, deadline: .now()) == nil)
        let long = String(repeating: "a", count: 1 << 20) + "b"
        #expect(
            failure(.test(contains: "ab"), body: long, deadline: .now())
                == IterationFailure(.timeout, "timed out while looking for 'ab' in the body")
        )
        #expect(failure(.test(contains: "ab"), body: long) == nil)
    }

    @Test("a regular expression must match somewhere in the body")
    func matches() {
        #expect(failure(.test(matches: #"^v\d+$"#), body: "v12") == nil)
        #expect(failure(.test(matches: "b"), body: "a😀b") == nil)
        #expect(
            failure(.test(matches: #"^v\d+$"#), body: "w12")
                == IterationFailure(.validation, #"the body 'w12' does not match '^v\d+$'"#)
        )
        #expect(
            failure(.test(matches: "("), body: "w12")
                == IterationFailure(.validation, "'(' is not a regular expression")
        )
    }

    @Test("a body that a regular expression would work on for years ends at the deadline")
    func runaway() {
        let body = String(repeating: "a", count: 64) + "!"
        #expect(
            failure(.test(matches: "(a|a)*$"), body: body, deadline: .now() + .milliseconds(50))
                == IterationFailure(.timeout, "timed out while matching '(a|a)*$' against the body")
        )
    }

    @Test("a large JSON body that cannot be read before the deadline is a timeout")
    func lateJSON() {
        let body = "[" + String(repeating: "1,", count: 500_000) + "1]"
        let first = HTTPExpectation.test(json: [JSONExpectation(path: .test(.index(0)), value: .number(1))])
        #expect(failure(first, body: body) == nil)
        #expect(
            failure(first, body: body, deadline: .now())
                == IterationFailure(.timeout, "timed out with 1000003 bytes of JSON to read")
        )
    }

    @Test("an element of a JSON array is looked for among the first hundred thousand")
    func farElement() {
        let last = HTTPExpectation.test(json: [JSONExpectation(path: .test(.index(-1)), value: .number(2))])
        #expect(failure(last, body: "[" + String(repeating: "1,", count: 100_000) + "2]") == nil)
        #expect(
            failure(last, body: "[" + String(repeating: "1,", count: 100_001) + "2]")
                == IterationFailure(
                    .tooLarge,
                    "the body has an array of JSON in which a path goes beyond 100000"
                )
        )
    }

    @Test("JSON values must be there and be equal")
    func json() {
        let body = #"{"status":"ok","n":[1,2.5,null,true],"deep":{"a":{"b":"c"}}}"#
        let right: [JSONExpectation] = [
            JSONExpectation(path: .test(.member("status")), value: .string("ok")),
            JSONExpectation(path: .test(.member("n"), .index(1)), value: .number(2.5)),
            JSONExpectation(path: .test(.member("n"), .index(-2)), value: .null),
            JSONExpectation(path: .test(.member("n"), .index(-1)), value: .bool(true)),
            JSONExpectation(path: .test(.member("deep"), .member("a"), .member("b")), value: .string("c")),
        ]
        #expect(failure(.test(json: right), body: body) == nil)
        let wrong: [(JSONPath, JSONScalar, String)] = [
            (.test(.member("status")), .string("up"), "$.status is 'ok' where 'up' was expected"),
            (.test(.member("n"), .index(0)), .number(2), "$.n[0] is 1 where 2 was expected"),
            (.test(.member("n"), .index(0)), .bool(true), "$.n[0] is 1 where true was expected"),
            (.test(.member("n")), .number(1), "$.n is an array where 1 was expected"),
            (.test(.member("deep")), .null, "$.deep is an object where null was expected"),
            (.test(.member("none")), .null, "$.none is not there where null was expected"),
            (.test(.member("n"), .index(4)), .null, "$.n[4] is not there where null was expected"),
            (.test(.member("n"), .index(-5)), .null, "$.n[-5] is not there where null was expected"),
            (.test(.member("status"), .member("x")), .null, "$.status.x is not there where null was expected"),
            (.test(.member("status"), .index(0)), .null, "$.status[0] is not there where null was expected"),
            (.test(), .string("ok"), "$ is an object where 'ok' was expected"),
        ]
        for (path, value, detail) in wrong {
            let expectation = HTTPExpectation.test(json: [JSONExpectation(path: path, value: value)])
            #expect(failure(expectation, body: body) == IterationFailure(.validation, detail))
        }
    }

    @Test("a value that no type can hold is no object", arguments: ["\"ok\u{7}\"", #""\ud800""#, "1e999"])
    func unreadable(value: String) {
        let expectation = HTTPExpectation.test(json: [
            JSONExpectation(path: .test(.member("status")), value: .string("ok"))
        ])
        #expect(
            failure(expectation, body: "{\"status\":\(value)}")
                == IterationFailure(.validation, "$.status is no readable value where 'ok' was expected")
        )
    }

    @Test("a scalar document, and its root, are found")
    func scalarDocument() {
        let expectation = HTTPExpectation.test(json: [JSONExpectation(path: .test(), value: .number(3))])
        #expect(failure(expectation, body: "3") == nil)
    }

    @Test(
        "what is not JSON is a wrong answer",
        arguments: ["", "ok", "{", "[1", "{\"a\":1}x", String(repeating: "[", count: 100_000)]
    )
    func notJSON(_ body: String) {
        let expectation = HTTPExpectation.test(json: [JSONExpectation(path: .test(.member("a")), value: .number(1))])
        #expect(
            failure(expectation, body: body)
                == IterationFailure(.validation, "the body \(Excerpt(body)) is not JSON")
        )
    }
}
