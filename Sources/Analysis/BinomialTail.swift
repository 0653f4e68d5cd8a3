import Glibc

/// Probabilities of a number of bad iterations, when each is bad with the same probability, independently.
package enum BinomialTail {
    /// The probability of at most `count` among `trials`, each with probability `ratio` (0...1); `count` is not negative.
    package static func atMost(_ count: Int, of trials: Int, ratio: Double) -> Double {
        if count >= trials || ratio <= 0 { return 1 }
        if ratio >= 1 { return 0 }
        // Each term from the one before it, in logarithms, as (1 − ratio)^trials underflows for a few thousand trials.
        let odds = log(ratio) - log1p(-ratio)
        var term = Double(trials) * log1p(-ratio)
        var sum = exp(term)
        for index in 0..<max(0, count) {
            term += log(Double(trials - index)) - log(Double(index + 1)) + odds
            sum += exp(term)
        }
        return min(1, sum)
    }

    /// The probability of at least `count` among `trials`, each with probability `ratio` (0...1).
    package static func atLeast(_ count: Int, of trials: Int, ratio: Double) -> Double {
        count <= 0 ? 1 : 1 - atMost(count - 1, of: trials, ratio: ratio)
    }
}
