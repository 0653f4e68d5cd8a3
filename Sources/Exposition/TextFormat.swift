package import BenchmarkModel

/// The text format of Prometheus, version 0.0.4.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
package enum TextFormat {
    /// The value of `Content-Type` that announces the format.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Every family that has a series, in the order of the snapshot, as UTF-8 that ends with a line feed.
    ///
    /// Empty for a snapshot without a series. Names are written as they are: they come from the catalog and are valid.
    package static func encode(_ snapshot: MetricSnapshot) -> [UInt8] {
        var writer = TextFormatWriter()
        for family in snapshot.families where !family.series.isEmpty { writer.write(family) }
        return writer.bytes
    }
}

/// Lines of the text format, appended to one buffer.
private struct TextFormatWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ family: MetricFamily) {
        append("# HELP ")
        append(family.name)
        append(" ")
        append(family.help, escapingQuotes: false)
        append("\n# TYPE ")
        append(family.name)
        append(" ")
        append(family.type.rawValue)
        append("\n")
        for series in family.series {
            switch series.value {
            case .number(let value): writeSample(family.name, "", Self.pairs(of: series.labels), number: value)
            case .histogram(let histogram): write(histogram, named: family.name, labels: series.labels)
            }
        }
    }

    private mutating func write(_ histogram: Histogram, named name: String, labels: LabelSet) {
        let pairs = Self.pairs(of: labels)
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.boundaries.upperBounds, histogram.counts) {
            cumulative += count
            writeBucket(name, pairs, count: cumulative) { $0.append(number: bound) }
        }
        cumulative += histogram.counts.last ?? 0
        writeBucket(name, pairs, count: cumulative) { $0.append("+Inf") }
        writeSample(name, "_sum", pairs, number: histogram.sum)
        writeSample(name, "_count", pairs) { $0.append(count: cumulative) }
    }

    private mutating func writeBucket(
        _ name: String,
        _ pairs: [UInt8],
        count: UInt64,
        bound: (inout Self) -> Void
    ) {
        append(name)
        append("_bucket{")
        bytes += pairs
        append(pairs.isEmpty ? "le=\"" : ",le=\"")
        bound(&self)
        append("\"} ")
        append(count: count)
        append("\n")
    }

    private mutating func writeSample(_ name: String, _ suffix: String, _ pairs: [UInt8], number: Double) {
        writeSample(name, suffix, pairs) { $0.append(number: number) }
    }

    private mutating func writeSample(
        _ name: String,
        _ suffix: String,
        _ pairs: [UInt8],
        value: (inout Self) -> Void
    ) {
        append(name)
        append(suffix)
        if !pairs.isEmpty {
            append("{")
            bytes += pairs
            append("}")
        }
        append(" ")
        value(&self)
        append("\n")
    }

    /// `name="value"` of every label with commas between, written once for all samples of a series.
    private static func pairs(of labels: LabelSet) -> [UInt8] {
        var writer = Self()
        for label in labels.labels {
            if !writer.bytes.isEmpty { writer.append(",") }
            writer.append(label.name)
            writer.append("=\"")
            writer.append(label.value, escapingQuotes: true)
            writer.append("\"")
        }
        return writer.bytes
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// A help text or a label value: a backslash and a line feed are escaped in both, a quote in a value only.
    private mutating func append(_ text: String, escapingQuotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\"") where escapingQuotes: append("\\\"")
            default: bytes.append(byte)
            }
        }
    }

    private mutating func append(count: UInt64) {
        append(count.description)
    }

    /// The shortest digits that read back as the same number; whole numbers without a fraction, as Go writes them.
    private mutating func append(number value: Double) {
        if value.isNaN {
            append("NaN")
        } else if value.isInfinite {
            append(value < 0 ? "-Inf" : "+Inf")
        } else if let whole = Int64(exactly: value), abs(value) < 1e15 {
            append(whole.description)
        } else {
            append(value.description)
        }
    }
}
