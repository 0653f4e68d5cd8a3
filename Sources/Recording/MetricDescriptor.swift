package import BenchmarkModel

/// What is fixed about a family: everything but its series.
package struct MetricDescriptor: Hashable, Sendable {
    /// The full name, with the prefix.
    package let name: String
    package let type: MetricType
    /// The names of the labels in the order in which they are written.
    package let labels: [String]
    package let help: String

    /// A family of every benchmark: its labels are the three of the benchmark and then `labels`.
    static func benchmark(_ name: String, _ type: MetricType, _ labels: [String] = [], _ help: String) -> Self {
        Self(
            name: MetricCatalog.prefix + name,
            type: type,
            labels: ["benchmark", "operation", "target"] + labels,
            help: help
        )
    }

    /// A family of the exporter itself or of a target.
    static func exporter(_ name: String, _ type: MetricType, _ labels: [String] = [], _ help: String) -> Self {
        Self(name: MetricCatalog.prefix + name, type: type, labels: labels, help: help)
    }

    /// A family that every Prometheus client has under the same name.
    static func process(_ name: String, _ type: MetricType, _ help: String) -> Self {
        Self(name: "process_" + name, type: type, labels: [], help: help)
    }

    /// The family with `series`, whose labels are those of the descriptor.
    package func family(_ series: [MetricSeries]) -> MetricFamily {
        MetricFamily(name: name, help: help, type: type, series: series)
    }

    /// The family with a single series that has no labels.
    package func family(_ value: Double) -> MetricFamily {
        family([MetricSeries([:], .number(value))])
    }
}
