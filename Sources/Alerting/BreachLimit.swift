/// How many bad iterations are more than chance makes of an objective that is just kept.
///
/// Of n iterations, each bad with probability p, more than p·n + 2.33·√(p·(1 − p)·n) are bad in one case of a hundred (the
/// normal approximation of the binomial distribution, one-sided). The limit works for every n, so there is no guard on the
/// number of samples, which an outage that slows sampling would hide behind; and two bad of ten are no breach of 5 %.
enum BreachLimit {
    /// The 99 % quantile of the standard normal distribution.
    static let quantile = 2.33

    /// The largest number of bad ones among `count` that is no breach of `ratio`.
    static func bad(of count: Double, allowing ratio: Double) -> Double {
        ratio * count + quantile * (ratio * (1 - ratio) * count).squareRoot()
    }

    /// The same in PromQL; both are expressions that may stand in a product.
    static func expression(of count: String, allowing ratio: String) -> String {
        "\(ratio) * \(count)\n+ \(quantile) * sqrt(\(ratio) * (1 - \(ratio)) * \(count))"
    }
}
