import Glibc

/// Student's distribution: what a normal deviate becomes when it is divided by an estimate of its deviation.
enum StudentDistribution {
    /// The value that is exceeded with probability 1 − `probability`, which is within 0...1, exclusively.
    ///
    /// Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.5: for 0.9995 four figures from ten degrees of
    /// freedom on. Fewer than four count as four, for which the expansion is 2 % too small.
    static func quantile(_ probability: Double, degreesOfFreedom: Int) -> Double {
        let normal = NormalDistribution.quantile(probability)
        let degrees = Double(max(4, degreesOfFreedom))
        let square = normal * normal
        let terms = [
            (square + 1) / 4,
            ((5 * square + 16) * square + 3) / 96,
            (((3 * square + 19) * square + 17) * square - 15) / 384,
            ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92_160,
        ]
        return normal * terms.reversed().reduce(0) { ($0 + $1) / degrees } + normal
    }
}
