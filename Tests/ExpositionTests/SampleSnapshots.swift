import BenchmarkModel

/// Snapshots that the suites share.
enum SampleSnapshots {
    /// Every type, every kind of number, every character that needs an escape.
    static var rich: MetricSnapshot {
        var durations = Histogram(boundaries: .phases)
        for value in [0.0004, 0.001, 0.0011, 0.25, 0.3, 7, 1e6] { durations.observe(value) }
        let identity = BenchmarkIdentity(benchmark: "model_response", operation: "stream", target: "assistant")
        return MetricSnapshot(families: [
            MetricFamily(
                name: "probe_duration_seconds",
                help: "Duration of probes.",
                type: .histogram,
                series: [
                    MetricSeries(LabelSet(identity), .histogram(durations)),
                    MetricSeries([:], .histogram(Histogram(boundaries: .phases))),
                ]
            ),
            MetricFamily(name: "probe_unused_total", help: "Has no series.", type: .counter, series: []),
            MetricFamily(
                name: "probe_iterations_total",
                help: #"A backslash \, a "quote" and"# + "\na line feed.",
                type: .counter,
                series: [
                    MetricSeries(LabelSet(identity).adding("result", "good"), .number(18_014_398_509_481_984)),
                    MetricSeries(LabelSet(identity).adding("result", #"\ " ü 🙂"# + "\n."), .number(0)),
                ]
            ),
            MetricFamily(
                name: "probe_latency_seconds",
                help: "Latency of the last probe.",
                type: .gauge,
                series: numbers.map { MetricSeries(["number": $0.name], .number($0.value)) }
            ),
        ])
    }

    /// Families that change by themselves.
    static let changing = MetricSnapshot(families: [
        MetricFamily(
            name: "process_open_fds",
            help: "Number of open file descriptors.",
            type: .gauge,
            series: [MetricSeries([:], .number(12))]
        )
    ])

    /// A number with the text that stands for it.
    struct WrittenNumber {
        var name: String
        var value: Double
        var text: String
    }

    static let numbers = [
        WrittenNumber(name: "zero", value: 0, text: "0"),
        WrittenNumber(name: "whole", value: 5, text: "5"),
        WrittenNumber(name: "negative", value: -3, text: "-3"),
        WrittenNumber(name: "fraction", value: 0.3, text: "0.3"),
        WrittenNumber(name: "sum", value: 0.1 + 0.2, text: "0.30000000000000004"),
        WrittenNumber(name: "tiny", value: 1e-6, text: "1e-06"),
        WrittenNumber(name: "least", value: .leastNonzeroMagnitude, text: "5e-324"),
        WrittenNumber(name: "timestamp", value: 1_700_000_000.125, text: "1700000000.125"),
        WrittenNumber(name: "large", value: 999_999_999_999_999, text: "999999999999999"),
        WrittenNumber(name: "larger", value: 1e21, text: "1e+21"),
        WrittenNumber(name: "greatest", value: .greatestFiniteMagnitude, text: "1.7976931348623157e+308"),
        WrittenNumber(name: "infinite", value: .infinity, text: "+Inf"),
        WrittenNumber(name: "negative infinite", value: -.infinity, text: "-Inf"),
        WrittenNumber(name: "not a number", value: .nan, text: "NaN"),
    ]
}
