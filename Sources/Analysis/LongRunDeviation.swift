import Glibc

/// The standard deviation of a series' sum, divided by the root of its length: that of one element if all are independent.
///
/// Newey and West, "A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent covariance
/// matrix", Econometrica 55 (1987), of what a first-order autoregression leaves: Andrews and Monahan, "An improved
/// heteroskedasticity and autocorrelation consistent covariance matrix estimator", Econometrica 60 (1992). Without that
/// step the deviation of 40 values that wander comes out too small: docs/regression.md has the false alarms of both.
enum LongRunDeviation {
    /// The deviation around the mean; 0 of fewer than eight values.
    static func of(_ values: [Double]) -> Double {
        guard values.count >= 8 else { return 0 }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let centred = values.map { $0 - mean }
        let variance = covariance(of: centred, lag: 0)
        guard variance > 0 else { return 0 }
        // Kendall, Biometrika 41 (1954): the estimate is too small by (1 + 4ρ)/n on average, so that is added again.
        let estimate = covariance(of: centred, lag: 1) / variance
        let correlation = min(0.9, max(0, (estimate * count + 1) / (count - 4)))
        let rest = zip(centred.dropFirst(), centred).map { $0 - correlation * $1 }
        return max(0, longRunVariance(of: rest) * count / (count - 1)).squareRoot() / (1 - correlation)
    }

    /// The variance and the weighted covariances up to a lag of 4(n/100)^(2/9), the rule of Newey and West.
    private static func longRunVariance(of rest: [Double]) -> Double {
        let lags = Int(4 * pow(Double(rest.count) / 100, 2.0 / 9))
        return (1...max(1, lags)).reduce(covariance(of: rest, lag: 0)) { sum, lag in
            sum + 2 * (1 - Double(lag) / Double(lags + 1)) * covariance(of: rest, lag: lag)
        }
    }

    private static func covariance(of centred: [Double], lag: Int) -> Double {
        zip(centred.dropFirst(lag), centred).reduce(0) { $0 + $1.0 * $1.1 } / Double(centred.count)
    }
}
