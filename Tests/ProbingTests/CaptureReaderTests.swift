import BenchmarkModel
import ExporterConfiguration
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("Captures")
struct CaptureReaderTests {
    private func read(
        _ source: CaptureDefinition.Source,
        in text: String,
        headers: HTTPHeaders = [:],
        deadline: NIODeadline = .now() + .seconds(30)
    ) throws(CaptureReader.Failure) -> JSONScalar? {
        let reader = CaptureReader([CaptureDefinition(variable: "v", source: source)])
        return try reader.values(in: ProbeAnswer(headers: headers, text: Array(text.utf8)), deadline: deadline)["v"]
    }

    @Test(
        "a scalar of JSON keeps its type",
        arguments: [
            (#"{"a":"x"}"#, JSONScalar.string("x")), (#"{"a":7}"#, .number(7)), (#"{"a":true}"#, .bool(true)),
        ]
    )
    func json(text: String, value: JSONScalar) throws {
        #expect(try read(.json(JSONPath(parsing: "$.a")), in: text) == value)
    }

    @Test("a header is found whatever its case")
    func header() throws {
        #expect(try read(.header("ETag"), in: "", headers: ["etag": "\"1\""]) == .string("\"1\""))
    }

    @Test(
        "a regular expression gives its first group, or all of the match",
        arguments: [("is (\\w+) or (\\w+)", "blue"), ("is \\w+", "is blue"), ("(?:sky|sea) is (\\w+)", "blue")]
    )
    func match(pattern: String, value: String) throws {
        #expect(try read(.match(pattern), in: "the sky is blue or green") == .string(value))
    }

    @Test("several captures of one answer do not get into each other's way")
    func several() throws {
        let reader = CaptureReader([
            CaptureDefinition(variable: "b", source: .json(try JSONPath(parsing: "$.b"))),
            CaptureDefinition(variable: "m", source: .match("\\d+")),
            CaptureDefinition(variable: "a", source: .json(try JSONPath(parsing: "$.a"))),
        ])
        let answer = ProbeAnswer(text: Array(#"{"a":"x","b":12}"#.utf8))
        #expect(
            try reader.values(in: answer, deadline: .now() + .seconds(30))
                == ["a": .string("x"), "b": .number(12), "m": .string("12")]
        )
    }

    @Test(
        "what is not there is a wrong answer",
        arguments: [
            ("$.a", "{}", "no value for {{v}}: $.a is no text, number or boolean"),
            ("$.a", #"{"a":null}"#, "no value for {{v}}: $.a is no text, number or boolean"),
            ("$.a", #"{"a":[1]}"#, "no value for {{v}}: $.a is no text, number or boolean"),
            ("$.a", "oops", "the answer 'oops' is not JSON to capture from"),
            ("$.a", #"{"a":9007199254740994}"#, "no value for {{v}}: the number is beyond 2^53"),
            (
                "$.a", "{\"a\":\"\(String(repeating: "x", count: 4097))\"}",
                "no value for {{v}}: a text of 4097 bytes is more than 4096"
            ),
        ]
    )
    func missingJSON(path: String, text: String, detail: String) throws {
        let path = try JSONPath(parsing: path)
        let failure = #expect(throws: CaptureReader.Failure.self) { try read(.json(path), in: text) }
        #expect(failure?.reason == .validation)
        #expect(failure?.detail == detail)
    }

    @Test("so is a header, a match or a group that is not there")
    func missing() {
        let header = #expect(throws: CaptureReader.Failure.self) { try read(.header("ETag"), in: "") }
        #expect(header?.detail == "no value for {{v}}: the answer has no header ETag")
        for pattern in ["(x)", "(x)?a"] {
            let match = #expect(throws: CaptureReader.Failure.self) { try read(.match(pattern), in: "a") }
            #expect(match?.detail == "no value for {{v}}: the answer does not match '\(pattern)'")
        }
    }

    @Test("matching ends at the deadline")
    func deadline() {
        let failure = #expect(throws: CaptureReader.Failure.self) {
            try read(.match("(a+)+$"), in: String(repeating: "a", count: 40) + "b", deadline: .now())
        }
        #expect(failure?.reason == .timeout)
        #expect(failure?.detail == "timed out while matching '(a+)+$' against the answer")
    }
}
