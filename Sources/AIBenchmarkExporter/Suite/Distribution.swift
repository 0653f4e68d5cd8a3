import Foundation

/// Values as a line of bars, from the least to the greatest on a logarithmic scale.
enum Distribution {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// One character for each of `width` stretches; a stretch without a value is a space.
    static func line(_ values: [Double], width: Int = 12) -> String {
        guard let least = values.min(), let greatest = values.max(), least > 0, greatest.isFinite, width > 0 else {
            return ""
        }
        guard greatest > least else { return String(bars.suffix(1)) }
        let span = log(greatest / least)
        var counts = Array(repeating: 0, count: width)
        for value in values {
            counts[min(width - 1, Int(log(value / least) / span * Double(width)))] += 1
        }
        let most = counts.max() ?? 1
        return String(counts.map { $0 == 0 ? " " : bars[($0 * bars.count - 1) / most] })
    }
}
