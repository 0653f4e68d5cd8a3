import ArgumentParser

/// The forms of a result.
enum SuiteFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, junit, markdown

    /// The report in this form, with a line end; what `failOn` lets pass is no failure in it.
    func text(of report: SuiteReport, _ failOn: FailOn, environment: [String: String]) throws -> String {
        switch self {
        case .table:
            SuiteTable(width: SuiteTable.width(environment), hasColour: Terminal.hasColour(environment)).text(
                of: report
            )
        case .json: String(decoding: try SuiteJSON.encode(report), as: UTF8.self) + "\n"
        case .junit: SuiteJUnit.text(of: report, failOn)
        case .markdown: SuiteMarkdown.text(of: report)
        }
    }
}
