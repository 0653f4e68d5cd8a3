import Analysis
import BenchmarkModel

/// What a suite is held against: what its operations were like before, or why that is not known.
///
/// An earlier run is a baseline too, though one that was learnt from a single run.
struct SuiteComparison {
    /// What an operation was like before.
    enum Past {
        case known(BaselineLevel)
        /// Why it is not known, as a clause.
        case unknown(String)
    }

    let basis: SuiteReport.Comparison.Basis
    private let past: @Sendable (SuiteReport.Operation) -> Past

    init(_ basis: SuiteReport.Comparison.Basis, past: @escaping @Sendable (SuiteReport.Operation) -> Past) {
        self.basis = basis
        self.past = past
    }

    /// Adds to each operation of `report` how it changed, and to the report why some did for all that is known not.
    func fill(_ report: inout SuiteReport) {
        var gaps: [(text: String, name: String)] = []
        for index in report.operations.indices {
            let operation = report.operations[index]
            report.operations[index].change = nil
            let gap: String?
            switch past(operation) {
            case .known(let level):
                report.operations[index].change = SuiteReport.Change(from: level, to: operation)
                gap = report.operations[index].change == nil ? "nothing was measured now" : nil
            case .unknown(let reason): gap = reason
            }
            if let gap { gaps.append((text: gap, name: operation.name)) }
        }
        let count = report.operations.count
        let clauses = SuiteText.grouped(gaps).map { gap in
            gap.names.count == count ? gap.text : "\(SuiteText.list(gap.names)) (\(gap.text))"
        }
        report.comparison = SuiteReport.Comparison(
            basis: basis,
            gap: clauses.isEmpty ? nil : clauses.joined(separator: ", ")
        )
    }
}

extension SuiteReport.Change {
    /// Of limits and of the test of failures: of a thousand comparisons with a baseline and without a change, one seems to be one.
    private static let confidence = 0.999

    /// The change from a level that was learnt to what a suite has measured; `nil` where that is nothing.
    ///
    /// Worse is latency that has shifted for certain and by enough; failing is a share of failures that certainly is greater, or
    /// no success at all where there were some.
    init?(from before: BaselineLevel, to now: SuiteReport.Operation) {
        let values = now.valuesSeconds
        shift = ShiftRatio(of: values, to: before, confidence: Self.confidence)
        guard now.samples > 0 else { return nil }
        let chance = FisherTest.atLeast(
            now.samples - values.count,
            of: now.samples,
            before: before.failures,
            of: before.failures + before.successes
        )
        verdict =
            if values.isEmpty || chance <= 1 - Self.confidence {
                .failing
            } else if let shift, shift.isLarge, shift.lower > 1 {
                .worse
            } else if let shift, shift.isLarge, shift.upper < 1 {
                .better
            } else {
                .none
            }
    }
}
