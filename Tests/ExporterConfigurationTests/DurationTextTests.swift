import Testing

@testable import ExporterConfiguration

@Suite("Durations as text")
struct DurationTextTests {
    @Test(
        "are read as Prometheus reads them",
        arguments: [
            ("0", .zero), ("0s", .zero), ("1ms", .milliseconds(1)), ("500ms", .milliseconds(500)),
            ("30s", .seconds(30)),
            ("5m", .seconds(300)), ("1h30m", .seconds(5400)), ("1d", .seconds(86_400)), ("2w", .seconds(1_209_600)),
            ("1y", .seconds(31_536_000)), ("1m1ms", .milliseconds(60_001)), ("90m", .seconds(5400)),
            ("100y", .seconds(3_153_600_000)), ("007s", .seconds(7)),
        ] as [(String, Duration)]
    )
    func valid(text: String, duration: Duration) throws {
        #expect(try DurationText.parse(text) == duration)
    }

    @Test(
        "are refused in every other form",
        arguments: [
            ("", #"found "", expected a duration such as 500ms, 30s or 1h30m"#),
            ("30", #"found "30" without a unit, expected a duration such as 500ms, 30s or 1h30m"#),
            ("1h30", #"found "1h30" without a unit, expected a duration such as 500ms, 30s or 1h30m"#),
            ("s", #"found "s", expected a duration such as 500ms, 30s or 1h30m"#),
            ("1.5s", #"found "1.5s", expected a duration such as 500ms, 30s or 1h30m"#),
            ("-1s", #"found "-1s", expected a duration such as 500ms, 30s or 1h30m"#),
            ("1 s", #"found "1 s", expected a duration such as 500ms, 30s or 1h30m"#),
            ("1S", #"found "1S", expected a duration such as 500ms, 30s or 1h30m"#),
            ("1us", #"found "1us", expected a duration such as 500ms, 30s or 1h30m"#),
            ("1m1h", #"found "1m1h", expected a duration such as 500ms, 30s or 1h30m"#),
            ("1s1s", #"found "1s1s", expected a duration such as 500ms, 30s or 1h30m"#),
            ("1s ", #"found "1s ", expected a duration such as 500ms, 30s or 1h30m"#),
            ("٣s", #"found "٣s", expected a duration such as 500ms, 30s or 1h30m"#),
            ("101y", #"found "101y", expected at most 100 years"#),
            ("100y1ms", #"found "100y1ms", expected at most 100 years"#),
            ("9223372036854775807ms", #"found "9223372036854775807ms", expected at most 100 years"#),
            ("9223372036854775808y", #"found "9223372036854775808y", expected at most 100 years"#),
        ]
    )
    func invalid(text: String, message: String) throws {
        let problem = try #require(throws: ValueProblem.self) { try DurationText.parse(text) }
        #expect(problem.description == message)
    }

    @Test(
        "are written in the form that they are read in",
        arguments: ["0", "1ms", "1s500ms", "30s", "1h30m", "30d", "1d1h1m1s1ms", "36500d"]
    )
    func written(text: String) throws {
        #expect(DurationText.text(of: try DurationText.parse(text)) == text)
    }
}
