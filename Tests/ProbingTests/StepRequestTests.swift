import ExporterConfiguration
import Testing

@testable import Probing

@Suite("The request of a step")
struct StepRequestTests {
    private let values: [String: JSONScalar] = ["v": .string("ä/\"\\\n b"), "n": .number(3)]

    private func rendered(_ definition: HTTPProbeDefinition) throws -> HTTPProbeDefinition {
        let request = StepRequest(.http(definition, .local(1)))
        guard case .http(let result, _)? = request.rendered(with: values) else { throw NoRequest() }
        return result
    }

    private struct NoRequest: Error {}

    @Test("a value is written as its place in an HTTP request wants it")
    func http() throws {
        let result = try rendered(
            HTTPProbeDefinition(
                method: "POST",
                path: "/a/{{v}}?n={{n}}",
                headers: [HeaderDefinition("X-N", "no {{n}}")],
                body: #" {"text": "{{v}}", "n": {{n}}}"#,
                expect: HTTPExpectation(
                    headers: ["x-n": "{{n}}", "x-v": "v{{v}}"],
                    bodyContains: "{{v}}",
                    json: [
                        JSONExpectation(path: try JSONPath(parsing: "$.n"), value: .string("{{n}}")),
                        JSONExpectation(path: try JSONPath(parsing: "$.t"), value: .string("t {{n}}")),
                        JSONExpectation(path: try JSONPath(parsing: "$.b"), value: .bool(true)),
                    ]
                )
            )
        )
        #expect(result.path == "/a/%C3%A4%2F%22%5C%0A%20b?n=3")
        #expect(result.headers.map(\.value.reveal) == ["no 3"])
        #expect(result.body == #" {"text": "ä/\"\\\u000A b", "n": 3}"#)
        #expect(result.expect.headers == ["x-n": "3", "x-v": "vä/\"\\\n b"])
        #expect(result.expect.bodyContains == "ä/\"\\\n b")
        #expect(result.expect.json.map(\.value) == [.number(3), .string("t 3"), .bool(true)])
    }

    @Test(
        "a body that is not JSON takes values as they are, also where it begins with one",
        arguments: [("v={{v}}", "v=ä/\"\\\n b"), (" {{v}}", " ä/\"\\\n b"), ("{{n}}{", "3{")]
    )
    func plainBody(_ body: String, _ expected: String) throws {
        #expect(try rendered(HTTPProbeDefinition(method: "PUT", path: "/", body: body)).body == expected)
    }

    @Test("Redis takes values as they are, all of them as texts")
    func redis() {
        let request = StepRequest(.command("SET", "k:{{n}}", "{{v}}", port: 1, value: "{{n}}"))
        #expect(request.rendered(with: values) == .command("SET", "k:3", "ä/\"\\\n b", port: 1, value: "3"))
    }

    @Test("prompts take values as they are")
    func languageModel() {
        func definition(_ text: String, path: String) -> LanguageModelDefinition {
            LanguageModelDefinition(
                dialect: .chatCompletion,
                path: path,
                model: "m",
                system: "s \(text)",
                prompt: "p \(text)",
                stream: true,
                expect: .text(containing: text)
            )
        }
        let request = StepRequest(.languageModel(definition("{{v}}", path: "/{{n}}"), .local(1)))
        #expect(
            request.rendered(with: values) == .languageModel(definition("ä/\"\\\n b", path: "/3"), .local(1))
        )
    }

    @Test("a request whose variables have no values is none")
    func missing() {
        #expect(StepRequest(.request("GET", "/{{id}}", port: 1)).rendered(with: values) == nil)
    }
}
