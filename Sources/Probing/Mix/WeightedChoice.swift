/// Draws one of several by weight.
struct WeightedChoice: Sendable {
    /// The sum of the weights up to each; not empty, ascending.
    private let bounds: [Double]

    /// A choice among as many as there are `weights`, all greater than zero and at least one.
    init(_ weights: [Double]) {
        bounds = weights.reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
    }

    /// The index of the one that is drawn.
    func draw(using generator: inout some RandomNumberGenerator) -> Int {
        let point = Double.random(in: 0..<1, using: &generator) * (bounds.last ?? 0)
        return bounds.firstIndex { point < $0 } ?? bounds.count - 1
    }
}
