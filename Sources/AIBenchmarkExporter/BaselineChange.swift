import Analysis
import BenchmarkModel

/// What an operator may do with a baseline; the raw value is the argument of the command and of the API.
enum BaselineChange: String, Sendable, CaseIterable {
    /// The present level is the baseline from now on.
    case accept
    /// Everything is forgotten and learnt anew.
    case reset

    /// The baseline after the change, in all parts of the day.
    func applied(to baseline: DailyBaseline) -> DailyBaseline {
        var baseline = baseline
        switch self {
        case .accept: baseline.changeAll(RegressionDetector.accept)
        case .reset: baseline.changeAll(RegressionDetector.reset)
        }
        return baseline
    }
}
