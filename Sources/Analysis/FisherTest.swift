import Glibc

/// Whether of two shares one is greater, told exactly however few trials there are.
///
/// Fisher, "Statistical Methods for Research Workers", 5th edition (1934), section 21.02. Given how many were seen in all, the
/// number among the later trials is hypergeometric if nothing has changed.
package enum FisherTest {
    /// More trials count as so many: nobody measures them, and a file may claim anything.
    private static let most = 1_000_000_000

    /// The probability of at least `count` among `trials`, if those seen before, `countBefore` among `trialsBefore`, are as likely.
    ///
    /// Counts are clamped to 0...trials.
    package static func atLeast(_ count: Int, of trials: Int, before countBefore: Int, of trialsBefore: Int) -> Double {
        let (later, earlier) = (clamped(trials, to: most), clamped(trialsBefore, to: most))
        let seen = clamped(count, to: later)
        let all = seen + clamped(countBefore, to: earlier)
        let least = max(0, all - earlier)
        guard seen > least else { return 1 }
        func logarithm(_ count: Int) -> Double {
            logOfBinomial(later, count) + logOfBinomial(earlier, all - count) - logOfBinomial(later + earlier, all)
        }
        // From `seen` away from the mean, where each term is smaller than the one before it: few of them count.
        let mean = Double(all) * Double(later) / Double(later + earlier)
        if Double(seen) >= mean { return min(1, tail(seen, to: min(later, all), by: 1, logarithm)) }
        return max(0, 1 - tail(seen - 1, to: least, by: -1, logarithm))
    }

    private static func tail(_ first: Int, to last: Int, by step: Int, _ logarithm: (Int) -> Double) -> Double {
        var sum = 0.0
        for count in stride(from: first, through: last, by: step) {
            let term = exp(logarithm(count))
            sum += term
            if term <= sum * 1e-17 { break }
        }
        return sum
    }

    private static func logOfBinomial(_ trials: Int, _ count: Int) -> Double {
        logOfFactorial(trials) - logOfFactorial(count) - logOfFactorial(trials - count)
    }

    private static func logOfFactorial(_ number: Int) -> Double {
        // `lgamma` would write to a global variable.
        var sign: Int32 = 0
        return lgamma_r(Double(number) + 1, &sign)
    }

    private static func clamped(_ number: Int, to most: Int) -> Int { min(max(number, 0), most) }
}
