import Analysis
import BenchmarkModel

extension OperationRecord {
    /// Fills in whether the number of iterations supports the grade.
    mutating func judgeConfidence() {
        isConfident = statistics.flatMap { GradeConfidence.isConfident($0, in: objective) }
    }
}
