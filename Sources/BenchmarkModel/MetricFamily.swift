/// The type of a family, as the text format names it.
package enum MetricType: String, Hashable, Sendable, CaseIterable {
    case counter, gauge, histogram
}

/// A name, what it means, and its series.
package struct MetricFamily: Hashable, Sendable {
    /// The full name with its prefix, and `_total` on a counter.
    package var name: String
    /// One sentence; it may hold any character.
    package var help: String
    package var type: MetricType
    /// No two have the same labels; a family without a series is not exposed.
    package var series: [MetricSeries]

    package init(name: String, help: String, type: MetricType, series: [MetricSeries]) {
        self.name = name
        self.help = help
        self.type = type
        self.series = series
    }
}

/// One time series of a family.
package struct MetricSeries: Hashable, Sendable {
    package var labels: LabelSet
    package var value: MetricValue

    package init(_ labels: LabelSet, _ value: MetricValue) {
        self.labels = labels
        self.value = value
    }
}

/// The value of a series: a number for counters and gauges, buckets for histograms.
package enum MetricValue: Hashable, Sendable {
    case number(Double)
    case histogram(Histogram)
}
