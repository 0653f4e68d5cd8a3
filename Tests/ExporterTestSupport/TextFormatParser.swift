/// A parser of the text format 0.0.4 that forgives nothing.
///
/// It refuses all that the format forbids, and of what the format allows that which no exporter should write: samples
/// without a type, timestamps, comments, empty lines, a comma after the last label, more than one space.
package struct TextFormatParser {
    /// What is wrong, and where.
    package struct Failure: Error, CustomStringConvertible {
        /// From 1.
        package let line: Int
        package let reason: String

        package var description: String { "line \(line): \(reason)" }
    }

    private var exposition = ParsedExposition()
    private var names: Set<String> = []
    private var series: Set<SeriesKey> = []

    private struct SeriesKey: Hashable {
        var name: String
        var labels: [String: String]
    }

    /// Reads a whole body; throws a `Failure` at the first line that is wrong.
    package static func parse(_ text: String) throws -> ParsedExposition {
        var parser = Self()
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
        guard lines.popLast()?.isEmpty ?? true else {
            throw Failure(line: lines.count + 1, reason: "the last line does not end with a line feed")
        }
        for (index, line) in lines.enumerated() {
            do throws(TextFormatLine.Failure) {
                try parser.read(TextFormatLine(line))
                let isLastOfFamily = index + 1 == lines.count || lines[index + 1].hasPrefix("# ")
                if isLastOfFamily, let family = parser.exposition.families.last { try HistogramCheck.check(family) }
            } catch {
                throw Failure(line: index + 1, reason: error.reason)
            }
        }
        return parser.exposition
    }

    private mutating func read(_ line: TextFormatLine) throws(TextFormatLine.Failure) {
        switch line {
        case .help(let name, let text):
            try begin(name, for: "HELP")
            exposition.families[exposition.families.count - 1].help = text
        case .type(let name, let type):
            if exposition.families.last?.name != name { try begin(name, for: "TYPE") }
            let last = exposition.families.count - 1
            if exposition.families[last].type != nil { throw .init("a second TYPE for \(name)") }
            if !exposition.families[last].samples.isEmpty { throw .init("TYPE after the samples of \(name)") }
            exposition.families[last].type = type
        case .sample(let sample):
            try append(sample)
        }
    }

    private mutating func begin(_ name: String, for keyword: String) throws(TextFormatLine.Failure) {
        guard names.insert(name).inserted else {
            throw .init("a second \(keyword) for \(name), or its lines do not stand together")
        }
        exposition.families.append(.init(name: name))
    }

    private mutating func append(_ sample: ParsedExposition.Sample) throws(TextFormatLine.Failure) {
        guard let family = exposition.families.last, let type = family.type else {
            throw .init("\(sample.name) before a TYPE")
        }
        let own = type == "histogram" ? ["_bucket", "_sum", "_count"].map { family.name + $0 } : [family.name]
        guard own.contains(sample.name) else {
            throw .init("\(sample.name) among the samples of the \(type) \(family.name)")
        }
        guard series.insert(SeriesKey(name: sample.name, labels: sample.labels)).inserted else {
            throw .init("\(sample.name) twice with the same labels")
        }
        if type == "counter", !(sample.value >= 0) { throw .init("the counter \(sample.name) is \(sample.value)") }
        exposition.families[exposition.families.count - 1].samples.append(sample)
    }
}

/// What must hold among the samples of a histogram.
private enum HistogramCheck {
    typealias Failure = TextFormatLine.Failure

    static func check(_ family: ParsedExposition.Family) throws(Failure) {
        guard family.type == "histogram" else { return }
        let buckets = family.samples.filter { $0.name == family.name + "_bucket" }
        let groups = Dictionary(grouping: buckets) { bucket in bucket.labels.filter { $0.key != "le" } }
        for (labels, buckets) in groups { try check(buckets, labels: labels, of: family) }
        for sample in family.samples where !sample.name.hasSuffix("_bucket") {
            if sample.labels["le"] != nil { throw .init("\(sample.name) has the label le") }
            if groups[sample.labels] == nil { throw .init("\(sample.name) without a bucket") }
        }
    }

    private static func check(
        _ buckets: [ParsedExposition.Sample],
        labels: [String: String],
        of family: ParsedExposition.Family
    ) throws(Failure) {
        var last: (bound: Double, count: Double)?
        for bucket in buckets {
            guard let text = bucket.labels["le"] else { throw .init("\(bucket.name) without the label le") }
            let bound = try TextFormatLine.number(text)
            if bound.isNaN { throw .init("the bound of a bucket of \(family.name) is NaN") }
            guard bucket.value >= 0, bucket.value == bucket.value.rounded() else {
                throw .init("a bucket of \(family.name) counts \(bucket.value)")
            }
            if let last, !(bound > last.bound) { throw .init("the buckets of \(family.name) are not in order") }
            if let last, bucket.value < last.count { throw .init("the buckets of \(family.name) decrease") }
            last = (bound, bucket.value)
        }
        guard let last, last.bound == .infinity else { throw .init("\(family.name) has no bucket for +Inf") }
        func value(_ suffix: String) -> Double? {
            family.samples.first { $0.name == family.name + suffix && $0.labels == labels }?.value
        }
        guard let count = value("_count") else { throw .init("\(family.name) has no count") }
        if count != last.count { throw .init("\(family.name) counts \(count), its bucket for +Inf \(last.count)") }
        if value("_sum") == nil { throw .init("\(family.name) has no sum") }
    }
}
