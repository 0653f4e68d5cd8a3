import Foundation

/// The JSON form of a suite, which `run --compare` reads back.
enum SuiteJSON {
    /// For people a line for each figure; a report that `isCompact`, for the wire, is a third of that.
    static func encode(_ report: SuiteReport, isCompact: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isCompact { encoder.outputFormatting.insert(.prettyPrinted) }
        return try encoder.encode(report)
    }

    static func decode(_ data: Data) throws -> SuiteReport {
        try JSONDecoder().decode(SuiteReport.self, from: data)
    }
}
