import BenchmarkModel
import ExporterServer
import Foundation
import Testing

@testable import AIBenchmarkExporter

@Suite("bodies of requests") struct BodyReaderTests {
    private static func request(_ body: String, type: String? = "application/json") -> ServerRequest {
        ServerRequest(
            method: "POST",
            path: "/",
            headers: RequestHeaders(type.map { [("Content-Type", $0)] } ?? []),
            body: Array(body.utf8)
        )
    }

    private struct Read: Equatable {
        var integer: Int?
        var flag: Bool?
        var interval: Duration?
        var action: BaselineChange?
        var benchmarks: [String]?
    }

    private static func read(_ request: ServerRequest) throws -> Read {
        var body = try BodyReader(request, keys: ["n", "flag", "interval", "action", "benchmarks"])
        let read = Read(
            integer: body.integer("n", in: 1...9),
            flag: body.boolean("flag"),
            interval: body.duration("interval"),
            action: body.choice("action", of: BaselineChange.self),
            benchmarks: body.benchmarks(among: ["a", "b"])
        )
        try body.finish()
        return read
    }

    /// The problem document that a body leads to.
    private static func problem(_ request: ServerRequest) throws -> String? {
        do {
            _ = try read(request)
            return nil
        } catch let problem as APIProblem {
            #expect(problem.response.contentType == "application/problem+json")
            return String(decoding: problem.response.body, as: UTF8.self)
        }
    }

    @Test("what is right is read, whatever is missing is not there")
    func right() throws {
        #expect(try Self.read(Self.request("", type: nil)) == Read())
        #expect(try Self.read(Self.request("{}")) == Read())
        let body = #"{"n": 9.0, "flag": false, "interval": "1h30m", "action": "reset", "benchmarks": ["b", "a"]}"#
        let read = Read(integer: 9, flag: false, interval: .seconds(5_400), action: .reset, benchmarks: ["b", "a"])
        for type in ["application/json", "Application/JSON; charset=utf-8", " application/json ;x"] {
            #expect(try Self.read(Self.request(body, type: type)) == read)
        }
    }

    @Test(
        "a field that is wrong is named, with what was found and what was expected",
        arguments: [
            (#"{"n": 0}"#, "n", "found 0, expected a whole number from 1 to 9"),
            (#"{"n": 1.5}"#, "n", "found 1.5, expected a whole number from 1 to 9"),
            (#"{"n": 1e300}"#, "n", "found 1e+300, expected a whole number from 1 to 9"),
            (#"{"n": true}"#, "n", "found true, expected a whole number from 1 to 9"),
            (#"{"n": "1"}"#, "n", #"found \"1\", expected a whole number from 1 to 9"#),
            (#"{"n": null}"#, "n", "found null, expected a whole number from 1 to 9"),
            (#"{"flag": 1}"#, "flag", "found 1, expected true or false"),
            (
                #"{"flag": "\#(String(repeating: "x", count: 65))"}"#, "flag",
                "found a text of 65 bytes, expected true or false"
            ),
            (#"{"interval": 30}"#, "interval", "found 30, expected a duration from 1s to 100y, such as 30s or 1h30m"),
            (
                #"{"interval": "999ms"}"#, "interval",
                #"found \"999ms\", expected a duration from 1s to 100y, such as 30s or 1h30m"#
            ),
            (
                #"{"interval": "101y"}"#, "interval",
                #"found \"101y\", expected a duration from 1s to 100y, such as 30s or 1h30m"#
            ),
            (#"{"action": "bless\n"}"#, "action", #"found \"bless\\n\", expected accept or reset"#),
            (#"{"benchmarks": []}"#, "benchmarks", "found a list of 0, expected a list of 1 to 2 names of benchmarks"),
            (#"{"benchmarks": {}}"#, "benchmarks", "found an object, expected a list of 1 to 2 names of benchmarks"),
            (
                #"{"benchmarks": ["a", "b", "a"]}"#, "benchmarks",
                "found a list of 3, expected a list of 1 to 2 names of benchmarks"
            ),
            (#"{"benchmarks": ["a", "a"]}"#, "benchmarks/1", #"found \"a\", expected some of a, b, each once"#),
            (
                #"{"benchmarks": ["http://x/"]}"#, "benchmarks/0",
                #"found \"http://x/\", expected some of a, b, each once"#
            ),
            (#"{"benchmarks": [["a"]]}"#, "benchmarks/0", "found a list of 1, expected some of a, b, each once"),
            (
                #"{"a/b~c d": 1}"#, "a~1b~0c%20d",
                "found an unknown key, expected n, flag, interval, action, benchmarks"
            ),
        ]
    )
    func wrong(body: String, pointer: String, detail: String) throws {
        let document = """
            {"detail":"#/\(pointer): \(detail)","errors":[{"detail":"\(detail)","pointer":"#/\(pointer)"}],\
            "status":422,"title":"Unprocessable Entity"}

            """
        #expect(try Self.problem(Self.request(body)) == document)
    }

    @Test("the audit trail has what a refused body asks for by keys that there are, as far as that can be no secret")
    func audited() {
        let asked = """
            {"n": 7.5, "flag": "yes", "interval": "\(String(repeating: "s", count: 17))", "action": {"a": 1},
            "benchmarks": ["b", "nope", "http://u:p@h/", 5, ["b"]], "canary": "canary"}
            """
        #expect {
            try Self.read(Self.request(asked))
        } throws: { error in
            let response = ServerResponse.problem(for: error)
            return response.status == 422
                && response.audited
                    == "n=7.5 flag=yes interval=(17 bytes) action=(an object) benchmarks=b,nope,(13 bytes),5,(a list of 1)"
        }
    }

    @Test("all that is wrong is told at once")
    func several() throws {
        let text = try #require(try Self.problem(Self.request(#"{"n": 0, "flag": 1, "zz": 2, "aa": 3}"#)))
        #expect(text.matches(of: /"pointer":"#\/([a-z]+)"/).map(\.1) == ["aa", "zz", "n", "flag"])
    }

    @Test("of very much that is wrong the beginning is told, and the answer is small")
    func bounded() throws {
        let keys = (1...5_000).map { "\"k\($0)\": 1" }.joined(separator: ",")
        let unknown = try #require(try Self.problem(Self.request("{\(keys)}")))
        #expect(unknown.matches(of: /"pointer":/).count == BodyReader.maximumProblems)
        let known = (1...1_000).map { "benchmark_\($0)" }
        let names = known.map { "\"\($0)x\"" }.joined(separator: ",")
        var body = try BodyReader(Self.request("{\"benchmarks\": [\(names)]}"), keys: ["benchmarks"])
        _ = body.benchmarks(among: known)
        do {
            try body.finish()
        } catch {
            #expect(error.errors?.count == BodyReader.maximumProblems)
            #expect(error.detail.hasSuffix("benchmark_19, benchmark_20 and 980 more, each once"))
            #expect(error.response.body.count < 20_000)
        }
    }

    @Test(
        "a body that is no object of JSON is refused as a whole",
        arguments: [
            (
                "[1]", "application/json",
                "{\"detail\":\"the body is not an object\",\"errors\":[{\"detail\":\"found a list of 1, expected an object\",\"pointer\":\"#\"}],\"status\":422,\"title\":\"Unprocessable Entity\"}\n"
            ),
            (
                "{", "application/json",
                "{\"detail\":\"the body is not JSON\",\"status\":400,\"title\":\"Bad Request\"}\n"
            ),
            (
                "\u{0}", "application/json",
                "{\"detail\":\"the body is not JSON\",\"status\":400,\"title\":\"Bad Request\"}\n"
            ),
            (
                String(repeating: "[", count: 60_000), "application/json",
                "{\"detail\":\"the body is not JSON\",\"status\":400,\"title\":\"Bad Request\"}\n"
            ),
            (
                String(repeating: " ", count: BodyReader.maximumBytes + 1), "application/json",
                "{\"detail\":\"the body has more than 65536 bytes\",\"status\":413,\"title\":\"Payload Too Large\"}\n"
            ),
            (
                "{}", "text/plain",
                "{\"detail\":\"the body must be JSON: send it with 'Content-Type: application/json'\",\"status\":415,\"title\":\"Unsupported Media Type\"}\n"
            ),
        ]
    )
    func noObject(body: String, type: String, document: String) throws {
        #expect(try Self.problem(Self.request(body, type: type)) == document)
    }

    @Test("an endpoint without fields says that it takes none")
    func none() throws {
        #expect {
            try BodyReader(Self.request(#"{"a": 1}"#), keys: []).finish()
        } throws: { error in
            (error as? APIProblem)?.detail == "#/a: found an unknown key, expected none"
        }
    }
}
