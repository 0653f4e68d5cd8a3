import RedisClient
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("RedisExpectation")
struct RedisExpectationTests {
    @Test(
        "a value is compared as text, integers also as numbers, null with a nil reply",
        arguments: [
            (.string("abc"), .bulk(Array("abc".utf8)), true),
            (.string("é"), .bulk(Array("e\u{301}".utf8)), false),
            (.string("OK"), .status("OK"), true),
            (.string("42"), .integer(42), true),
            (.string("042"), .integer(42), false),
            (.string(""), .bulk([]), true),
            (.string(""), .null, false),
            (.string("\u{FFFD}"), .bulk([0xFF]), false),
            (.number(42), .integer(42), true),
            (.number(42.5), .integer(42), false),
            (.number(42), .bulk(Array("42".utf8)), true),
            (.number(42), .bulk(Array("42x".utf8)), false),
            (.number(1e300), .integer(.max), false),
            (.number(0.5), .bulk(Array("0.5".utf8)), true),
            (.bool(true), .integer(1), true),
            (.bool(false), .integer(0), true),
            (.bool(true), .integer(0), false),
            (.bool(true), .bulk(Array("true".utf8)), true),
            (.null, .null, true),
            (.null, .bulk([]), false),
            (.null, .array([]), false),
            (.string("a"), .array([.status("a")]), false),
            (.string("ERR"), .error("ERR"), false),
        ] as [(JSONScalar, RedisValue, Bool)]
    )
    func values(expected: JSONScalar, reply: RedisValue, isRight: Bool) {
        let expectation = RedisExpectation(value: expected, elements: nil)
        #expect((expectation.mismatch(with: reply) == nil) == isRight)
    }

    @Test("no expectation accepts every reply but an error")
    func anything() {
        let expectation = RedisExpectation(value: nil, elements: nil)
        for reply in [.null, .integer(0), .status(""), .bulk([]), .array([])] as [RedisValue] {
            #expect(expectation.mismatch(with: reply) == nil)
        }
        #expect(
            expectation.mismatch(with: .error("NOPERM this user has no permissions")) == "the server answered NOPERM"
        )
    }

    @Test(
        "elements are those of the outermost array",
        arguments: [
            (.array([]), 0, nil), (.array([.null, .array([.null])]), 2, nil),
            (.array([.null]), 2, "the reply has 1 elements, not 2"),
            (.null, 0, "the reply is nil, not an array of 0 elements"),
        ] as [(RedisValue, Int, String?)]
    )
    func elements(reply: RedisValue, count: Int, mismatch: String?) {
        #expect(RedisExpectation(value: nil, elements: count).mismatch(with: reply) == mismatch)
    }
}
