import ExporterTestSupport
import Testing

@Suite struct TextFormatParserTests {
    /// A body and the failure that it is.
    struct Wrong: CustomTestStringConvertible {
        var text: String
        var failure: String

        var testDescription: String { failure }

        init(_ text: String, _ failure: String) {
            self.text = text
            self.failure = failure
        }
    }

    static let gauge = "# HELP g A gauge.\n# TYPE g gauge\n"
    static let counter = "# TYPE c_total counter\n"
    static let histogram = "# HELP h A histogram.\n# TYPE h histogram\n"
    static let buckets = "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\n"

    @Test("a right body is read")
    func right() throws {
        let text =
            Self.gauge + "g{a=\"\\\\ \\\" \\n\",b=\"\"} -1.5e-06\ng NaN\n" + Self.counter + "c_total 0\n"
            + Self.histogram + Self.buckets + "h_sum 9.5\nh_count 3\n"
        let parsed = try TextFormatParser.parse(text)
        #expect(parsed.families.map(\.name) == ["g", "c_total", "h"])
        #expect(parsed.families.map(\.help) == ["A gauge.", nil, "A histogram."])
        #expect(parsed.value(of: "g", labels: ["a": "\\ \" \n", "b": ""]) == -1.5e-06)
        #expect(parsed.value(of: "g")?.isNaN == true)
        #expect(parsed.value(of: "g", labels: ["a": "other"]) == nil)
        #expect(parsed.series(of: "h_bucket").map(\.value) == [2, 3])
    }

    @Test("an empty body has no family")
    func empty() throws {
        #expect(try TextFormatParser.parse("").families.isEmpty)
    }

    @Test(
        "a wrong body is refused with its line",
        arguments: [
            Wrong(gauge + "g 1", "line 3: the last line does not end with a line feed"),
            Wrong(gauge + "# HELP g Again.\n", "line 3: a second HELP for g, or its lines do not stand together"),
            Wrong(gauge + "# TYPE g gauge\n", "line 3: a second TYPE for g"),
            Wrong(
                gauge + "g 1\n" + counter + "c_total 1\n# TYPE g gauge\n",
                "line 6: a second TYPE for g, or its lines do not stand together"
            ),
            Wrong("g 1\n", "line 1: g before a TYPE"),
            Wrong("# HELP g A gauge.\ng 1\n", "line 2: g before a TYPE"),
            Wrong("# TYPE g color\n", "line 1: 'color' is not a type"),
            Wrong(gauge + "f 1\n", "line 3: f among the samples of the gauge g"),
            Wrong(gauge + "g 1\ng 2\n", "line 4: g twice with the same labels"),
            Wrong(gauge + "g{a=\"1\",b=\"2\"} 1\ng{b=\"2\",a=\"1\"} 2\n", "line 4: g twice with the same labels"),
            Wrong(gauge + "g  1\n", "line 3: ' 1' is not a number"),
            Wrong(gauge + "g 1 1700000000000\n", "line 3: '1 1700000000000' is not a number"),
            Wrong(gauge + "g inf\n", "line 3: 'inf' is not a number"),
            Wrong(gauge + "g 0x1\n", "line 3: '0x1' is not a number"),
            Wrong(gauge + "g 1\r\n", "line 3: '1\r' is not a number"),
            Wrong(gauge + "g{} 1\n", "line 3: expected a name before '} 1'"),
            Wrong(gauge + "g{a=\"1\",} 1\n", "line 3: expected a name before '} 1'"),
            Wrong(gauge + "g{1a=\"1\"} 1\n", "line 3: expected a name before '1a=\"1\"} 1'"),
            Wrong(gauge + "g{a=\"1\",a=\"2\"} 1\n", "line 3: the label a twice"),
            Wrong(gauge + "g{__a=\"1\"} 1\n", "line 3: the label name __a is reserved"),
            Wrong(gauge + "g{a=\"1} 1\n", "line 3: a value without its closing \""),
            Wrong(gauge + "g{a=\"\"\"} 1\n", "line 3: expected '}' before '\"} 1'"),
            Wrong(gauge + "g{a=\"\\t\"} 1\n", "line 3: the backslash before 't' escapes nothing"),
            Wrong("# HELP g \\\"\n", "line 1: the backslash before '\"' escapes nothing"),
            Wrong(gauge + "\ng 1\n", "line 3: expected a name before ''"),
            Wrong("# a comment\n", "line 1: expected a name before '# a comment'"),
            Wrong(counter + "c_total -1\n", "line 2: the counter c_total is -1.0"),
            Wrong(counter + "c_total NaN\n", "line 2: the counter c_total is nan"),
            Wrong(histogram + "h 1\n", "line 3: h among the samples of the histogram h"),
            Wrong(
                histogram + "h_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 2\nh_sum 1\nh_count 2\n",
                "line 6: the buckets of h decrease"
            ),
            Wrong(
                histogram + "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 2\nh_sum 1\nh_count 2\n",
                "line 6: the buckets of h are not in order"
            ),
            Wrong(histogram + "h_bucket 1\nh_sum 1\nh_count 1\n", "line 5: h_bucket without the label le"),
            Wrong(histogram + "h_bucket{le=\"x\"} 1\nh_sum 1\nh_count 1\n", "line 5: 'x' is not a number"),
            Wrong(histogram + "h_bucket{le=\"NaN\"} 1\n", "line 3: the bound of a bucket of h is NaN"),
            Wrong(histogram + "h_bucket{le=\"1\"} 0.5\n", "line 3: a bucket of h counts 0.5"),
            Wrong(histogram + "h_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n", "line 5: h has no bucket for +Inf"),
            Wrong(histogram + buckets + "h_sum 1\n", "line 5: h has no count"),
            Wrong(histogram + buckets + "h_count 3\n", "line 5: h has no sum"),
            Wrong(histogram + buckets + "h_sum 1\nh_count 4\n", "line 6: h counts 4.0, its bucket for +Inf 3.0"),
            Wrong(
                histogram + buckets + "h_sum 1\nh_count 3\nh_count{a=\"1\"} 0\n",
                "line 7: h_count without a bucket"
            ),
            Wrong(
                histogram + buckets + "h_sum 1\nh_count 4\n" + gauge + "g 1\n",
                "line 6: h counts 4.0, its bucket for +Inf 3.0"
            ),
        ]
    )
    func wrong(_ body: Wrong) {
        let failure = #expect(throws: TextFormatParser.Failure.self) { try TextFormatParser.parse(body.text) }
        #expect(failure?.description == body.failure)
    }
}
