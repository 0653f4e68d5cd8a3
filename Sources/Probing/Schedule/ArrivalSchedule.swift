import BenchmarkModel
import ExporterConfiguration
import Foundation

/// When the iterations of an open loop are due, as ascending offsets from its beginning, one for each iteration.
///
/// Each is computed from the beginning and none from the one before, so no rounding adds up. All fall within
/// `ArrivalDefinition.span`, those of a Poisson process too: given their number, its arrivals are independent and uniform
/// over the span (S. M. Ross, Introduction to Probability Models, theorem 5.2). So a run is of a known length.
struct ArrivalSchedule<Generator: RandomNumberGenerator>: Sequence, IteratorProtocol {
    private let pattern: ArrivalPattern
    private let span: Double
    private let count: Int
    private var generator: Generator
    private var arrived = 0
    /// The share of the span that the last arrival came at.
    private var progress = 0.0

    /// The schedule of `count` iterations.
    init(_ arrival: ArrivalDefinition, count: Int, generator: Generator) {
        pattern = arrival.pattern
        span = Double(arrival.span(of: count).nanoseconds)
        self.count = count
        self.generator = generator
    }

    mutating func next() -> Duration? {
        guard arrived < count else { return nil }
        switch pattern {
        case .constant: progress = Double(arrived) / Double(count)
        case .poisson:
            // The least of n uniform values is 1 − u^(1/n); the rest are uniform over what is left.
            let uniform = 1 - Double.random(in: 0..<1, using: &generator)
            progress -= (1 - progress) * expm1(log(uniform) / Double(count - arrived))
        }
        arrived += 1
        return .nanoseconds(Int64((progress * span).rounded()))
    }
}

extension ArrivalSchedule<SystemRandomNumberGenerator> {
    /// A schedule that no one can foresee.
    init(_ arrival: ArrivalDefinition, count: Int) {
        self.init(arrival, count: count, generator: SystemRandomNumberGenerator())
    }
}
