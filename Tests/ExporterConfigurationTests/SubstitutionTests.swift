import Testing

@testable import ExporterConfiguration

@Suite("Substitutions")
struct SubstitutionTests {
    private let substitution = Substitution(
        environment: ["NAME": "value", "EMPTY": "", "LOOP": "${NAME}", "_1": "one"],
        readFile: { path in
            struct NoSuchFile: Error {}
            switch path {
            case "/token": return "secret\n"
            case "/lines": return "a\nb\r\n\r\n"
            case "/large": return String(repeating: "x", count: 1 << 20)
            default: throw NoSuchFile()
            }
        }
    )

    @Test(
        "put in what a name, a default or a file stands for",
        arguments: [
            ("plain", "plain", false), ("${NAME}", "value", true), ("a ${NAME} b ${_1}", "a value b one", true),
            ("${EMPTY}", "", true), ("${NAME:-x}", "value", true), ("${EMPTY:-x}", "x", true),
            ("${NOBODY:-x:-y}", "x:-y", true), ("${NOBODY:-}", "", true), ("${file:/token}", "secret", true),
            ("${file:/lines}", "a\nb\r\n", true), ("${LOOP}", "${NAME}", true),
        ]
    )
    func expansion(written: String, text: String, isSubstituted: Bool) throws {
        let expansion = try substitution.expand(written)
        #expect(expansion.text == text)
        #expect(expansion.isSubstituted == isSubstituted)
    }

    @Test(
        "leave alone what is none",
        arguments: [
            ("$", "$"), ("$5 $NAME $$", "$5 $NAME $$"), ("^ok$", "^ok$"), ("$${NAME}", "${NAME}"),
            ("$$${NAME}", "$${NAME}"), ("{NAME}", "{NAME}"), ("$ {NAME}", "$ {NAME}"),
        ]
    )
    func literal(written: String, text: String) throws {
        let expansion = try substitution.expand(written)
        #expect(expansion.text == text)
        #expect(!expansion.isSubstituted)
    }

    @Test(
        "say what is missing, and nothing of what is there",
        arguments: [
            (
                "${NOBODY}",
                "found ${NOBODY}, which the environment does not have, expected a variable that is set, or ${NOBODY:-default}"
            ),
            ("${file:/nowhere}", "found ${file:/nowhere}, which cannot be read, expected a readable text file"),
            ("${NAME}${file:/large}", "found more than 1 MiB after substitution, expected less"),
            (
                "${NAME",
                "found ${ without }, expected ${NAME}, ${NAME:-default} or ${file:PATH}, or $${ for ${ itself"
            ),
            (
                "${}",
                "found ${…} without the name of a variable, expected ${NAME}, ${NAME:-default} or ${file:PATH}"
            ),
            (
                "${A:-${NAME}}",
                "found ${ within ${, expected ${NAME}, ${NAME:-default} or ${file:PATH}, one after the other"
            ),
        ]
    )
    func problem(written: String, message: String) throws {
        let problem = try #require(throws: ValueProblem.self) { try substitution.expand(written) }
        #expect(problem.description == message)
    }

    @Test("a value that is put in has the type that it would have in its place")
    func types() throws {
        let environment = ["N": "20", "FLAG": "true", "PASSWORD": "12345", "OBJECT": "{ target: 1s }"]
        let probe = """
            http: { headers: { X-Key: "${PASSWORD}" }, follow_redirects: "${FLAG}", \
            expect: { json: { "$.a": "${N}" } } }
            """
        let text = configuration(extra: ["iterations: ${N}"], probe: probe)
        let loaded = try testLoader(environment: environment).load(text, file: "test.yml")
        #expect(loaded.configuration.benchmarks[0].iterations == 20)
        guard case .http(let definition, _) = loaded.configuration.benchmarks[0].probe else {
            Issue.record("not an HTTP probe")
            return
        }
        #expect(definition.headers[0].value.reveal == "12345")
        #expect(definition.followsRedirects)
        #expect(definition.expect.json[0].value == .string("20"))
    }
}
