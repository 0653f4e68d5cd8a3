import ExporterConfiguration
import Testing

@Suite("Templates")
struct TemplateTests {
    private static let values: [String: JSONScalar] = [
        "id": .string("a b"), "count": .number(42), "share": .number(0.5), "ok": .bool(true), "none": .null,
    ]

    @Test(
        "values take the place of variables",
        arguments: [
            ("", ""),
            ("no variable, } and }} and {", "no variable, } and }} and {"),
            ("{{id}}", "a b"),
            ("/{{id}}/{{count}}?{{share}}&{{ok}}&{{none}}", "/a b/42?0.5&true&null"),
            (#"{"a":{"b":{{count}}}}"#, #"{"a":{"b":42}}"#),
            ("{{{count}}}", "{42}"),
            ("{{unknown}}.", "."),
        ]
    )
    func rendering(text: String, rendered: String) throws {
        #expect(try Template(parsing: text).rendered(with: Self.values) == rendered)
    }

    @Test("a value is written as its place wants it, and the text around it is not")
    func escaping() throws {
        #expect(try Template(parsing: "- {{id}} -").rendered(with: Self.values) { "<\($0)>" } == "- <a b> -")
    }

    @Test("a template that is one variable has the type of its value")
    func types() throws {
        #expect(try Template(parsing: "{{count}}").value(with: Self.values) == .number(42))
        #expect(try Template(parsing: "{{ok}}").value(with: Self.values) == .bool(true))
        #expect(try Template(parsing: "n {{count}}").value(with: Self.values) == .string("n 42"))
        #expect(try Template(parsing: "n").value(with: Self.values) == .string("n"))
    }

    @Test("the variables are known")
    func variables() throws {
        #expect(try Template(parsing: "a").variables == [])
        #expect(try Template(parsing: "{{a}}{{b_2}}{{a}}").variables == ["a", "b_2"])
    }

    @Test(
        "what begins as a variable must be one",
        arguments: ["{{", "{{}}", "{{ id }}", "{{id}", "{{1}}", "{{a-b}}", "{{a}} {{é}}", "{{a}}{{"]
    )
    func malformed(text: String) {
        let problem = #expect(throws: ValueProblem.self) { try Template(parsing: text) }
        #expect(
            problem?.description
                == "found {{ without the name of a variable and }}, "
                + "expected variables such as {{nonce}}, of letters, digits and _"
        )
    }
}
