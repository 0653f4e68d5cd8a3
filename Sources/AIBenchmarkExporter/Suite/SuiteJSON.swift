import Foundation

/// The JSON form of a suite, which `run --compare` reads back.
enum SuiteJSON {
    static func encode(_ report: SuiteReport) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(report)
    }

    static func decode(_ data: Data) throws -> SuiteReport {
        try JSONDecoder().decode(SuiteReport.self, from: data)
    }
}
