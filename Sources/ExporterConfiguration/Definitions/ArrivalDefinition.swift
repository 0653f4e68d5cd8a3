/// When the iterations of an open loop arrive: at a rate of their own, whatever has become of those before them.
package struct ArrivalDefinition: Hashable, Sendable {
    package var pattern: ArrivalPattern
    /// Iterations a second; 0.001...10,000.
    package var rate: Double

    package init(pattern: ArrivalPattern, rate: Double) {
        self.pattern = pattern
        self.rate = rate
    }

    /// The time within which `count` iterations arrive, by either pattern.
    package func span(of count: Int) -> Duration {
        .nanoseconds(Int64((Double(count) / rate * 1e9).rounded()))
    }
}

/// How arrivals are spread in time; the raw value is the key in a configuration, whose value is the rate.
package enum ArrivalPattern: String, Hashable, Sendable, CaseIterable {
    /// With the same gap between any two.
    case constant = "constant_per_second"
    /// Each at a moment that no other has a part in, as those of many users are.
    case poisson = "poisson_per_second"
}
