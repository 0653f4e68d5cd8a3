import ExporterConfiguration
import Testing

@Suite("JSON paths")
struct JSONPathTests {
    @Test(
        "name one value each",
        arguments: [
            ("$", []), ("$.status", [.member("status")]), ("$.a.b[0]", [.member("a"), .member("b"), .index(0)]),
            ("$[0][-1]", [.index(0), .index(-1)]), (#"$["a b"]"#, [.member("a b")]), ("$['a']", [.member("a")]),
            (#"$["a\"b"]"#, [.member("a\"b")]), (#"$['a\\b']"#, [.member("a\\b")]), ("$['']", [.member("")]),
            ("$['a]b'].c", [.member("a]b"), .member("c")]), ("$.größe_1", [.member("größe_1")]),
        ] as [(String, [JSONPath.Step])]
    )
    func valid(text: String, steps: [JSONPath.Step]) throws {
        let path = try JSONPath(parsing: text)
        #expect(path.steps == steps)
        #expect(path.description == text)
    }

    private static let expected = #"expected $ and then .name, ["name"] or [index] any number of times"#

    @Test(
        "are refused where they could name several values or none",
        arguments: [
            ("", "found an empty path"), ("status", #"found "status""#), ("$.", #"found "." in "$.""#),
            ("$..a", #"found "..a" in "$..a""#), ("$.*", #"found ".*" in "$.*""#), ("$[*]", #"found "[*]" in "$[*]""#),
            ("$[0:2]", #"found "[0:2]" in "$[0:2]""#), ("$[01]", #"found "[01]" in "$[01]""#),
            ("$[-0]", #"found "[-0]" in "$[-0]""#), ("$.a b", #"found " b" in "$.a b""#),
            ("$.1a", #"found ".1a" in "$.1a""#), ("$['a", #"found "['a" in "$['a""#),
            ("$['a'", #"found "['a'" in "$['a'""#), ("$['a\"]", #"found "['a\"]" in "$['a\"]""#),
            ("$[\"\\n\"]", #"found "[\"\\n\"]" in "$[\"\\n\"]""#),
            (
                "$[99999999999999999999]",
                #"found "[99999999999999999999]" in "$[99999999999999999999]""#
            ),
        ]
    )
    func invalid(text: String, found: String) throws {
        let problem = try #require(throws: ValueProblem.self) { try JSONPath(parsing: text) }
        #expect(problem.description == "\(found), \(Self.expected)")
    }
}
