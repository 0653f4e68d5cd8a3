import BenchmarkModel
import Testing

@Suite struct SecondsTests {
    @Test(
        "a duration in seconds is the number that a person would write",
        arguments: [
            (Duration.milliseconds(300), 0.3), (.milliseconds(1100), 1.1), (.microseconds(2500), 0.0025),
            (.nanoseconds(1), 1e-9), (.seconds(86_400), 86_400), (.zero, 0), (.milliseconds(-50), -0.05),
        ]
    )
    func seconds(duration: Duration, expected: Double) {
        #expect(duration.seconds == expected)
    }

    @Test("a duration beyond the range of nanoseconds is the nearest one within it")
    func saturation() {
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(Int64.min).nanoseconds == .min)
    }
}
