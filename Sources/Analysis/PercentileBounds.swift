import BenchmarkModel
import Glibc

/// Between which measured values the percentile of all values lies, whatever their distribution.
///
/// The number of samples below the percentile is binomial, so order statistics bound it: David and Nagaraja, "Order
/// Statistics", section 7.1.
package enum PercentileBounds {
    /// The least measured value that the percentile does not exceed, at `confidence`; `nil` of too few samples.
    ///
    /// `values` are ascending, `percent` is 1...99, `confidence` is within 0..<1.
    package static func upper(_ percent: Int, ofSorted values: [Double], confidence: Double = 0.95) -> Double? {
        let ratio = Double(percent) / 100
        let rank = firstRank(of: values.count) {
            BinomialTail.atMost($0 - 1, of: values.count, ratio: ratio) >= confidence
        }
        return rank.map { values[$0 - 1] }
    }

    /// The greatest measured value that the percentile does not fall below, at `confidence`; `nil` of too few samples.
    ///
    /// `values` are ascending, `percent` is 1...99, `confidence` is within 0..<1.
    package static func lower(_ percent: Int, ofSorted values: [Double], confidence: Double = 0.95) -> Double? {
        let ratio = Double(percent) / 100
        let rank = firstRank(of: values.count) {
            BinomialTail.atMost($0 - 1, of: values.count, ratio: ratio) > 1 - confidence
        }
        // Up to the rank before, values are too low with a probability within the risk.
        let last = (rank ?? values.count + 1) - 1
        return last > 0 ? values[last - 1] : nil
    }

    /// The number of samples of which the greatest bounds the percentile from above, at `confidence`.
    ///
    /// 59 for P95 at 95 %: 0.95^59 < 0.05 < 0.95^58. `percent` is 1...99, `confidence` is within 0..<1.
    package static func samplesNeeded(_ percent: Int, confidence: Double = 0.95) -> Int {
        max(1, Int((log1p(-confidence) / log(Double(percent) / 100)).rounded(.up)))
    }

    /// The first of the ranks 1...count that holds, where all later ones hold too; `nil` where none does.
    private static func firstRank(of count: Int, where holds: (Int) -> Bool) -> Int? {
        var low = 1
        var high = count + 1
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low <= count ? low : nil
    }
}
