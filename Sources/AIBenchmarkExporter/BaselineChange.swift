import Analysis
import BenchmarkModel

/// What an operator may do with a baseline; the raw value is the argument of the command and of the API.
enum BaselineChange: String, Sendable, CaseIterable {
    /// The present level is the baseline from now on.
    case accept
    /// Everything is forgotten and learnt anew.
    case reset

    /// The baseline after the change, and what it says.
    func applied(to baseline: BaselineState) -> (baseline: BaselineState, finding: RegressionFinding) {
        var baseline = baseline
        switch self {
        case .accept: RegressionDetector.accept(&baseline)
        case .reset: RegressionDetector.reset(&baseline)
        }
        return (baseline, RegressionDetector.finding(of: baseline))
    }
}
