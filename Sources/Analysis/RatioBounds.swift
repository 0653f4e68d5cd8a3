/// Between which limits a share lies of which `count` of `trials` were seen.
///
/// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927): unlike the usual
/// plus-or-minus it holds for a share near 0 or 1 and for few trials.
package struct RatioBounds: Hashable, Sendable {
    package var lower: Double
    package var upper: Double

    /// The bounds, each of which is wrong with probability 1 − `confidence`; without a trial 0 and 1.
    ///
    /// `count` is clamped to 0...trials; `confidence` is within 0.5..<1.
    package init(_ count: Int, of trials: Int, confidence: Double = 0.95) {
        guard trials > 0 else {
            lower = 0
            upper = 1
            return
        }
        let total = Double(trials)
        let ratio = Double(min(max(count, 0), trials)) / total
        let deviate = NormalDistribution.quantile(confidence)
        let square = deviate * deviate
        let centre = ratio + square / (2 * total)
        let half = deviate * (ratio * (1 - ratio) / total + square / (4 * total * total)).squareRoot()
        let scale = 1 + square / total
        lower = count <= 0 ? 0 : (centre - half) / scale
        upper = count >= trials ? 1 : (centre + half) / scale
    }
}
