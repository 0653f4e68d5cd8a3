import BenchmarkModel

extension ArrivalDefinition {
    init?(reading field: Field) {
        guard let section = Section(field, keys: ArrivalPattern.allCases.map(\.rawValue)),
            let (pattern, field) = section.exactlyOne(of: ArrivalPattern.self),
            let rate = field.positiveNumber(upTo: 10_000)
        else { return nil }
        self.init(pattern: pattern, rate: rate)
    }
}

extension RunSettings {
    /// Makes these settings those of an open loop where there is an `arrival`: what was to be judged by its duration is
    /// judged by its response time, which would hide no stall.
    mutating func adapt(to arrival: ArrivalDefinition?, _ section: Section) {
        if let arrival {
            if objective.metric == .duration { objective.metric = .response }
            checkSpan(of: arrival, section)
        } else if section["arrival"] == nil, objective.metric == .response {
            section.report(
                found: "an objective on response",
                expected: "the key arrival, or the metric duration",
                at: "objective"
            )
        }
    }

    /// Arrivals that go on into the next slot would let every run miss it.
    private func checkSpan(of arrival: ArrivalDefinition, _ section: Section) {
        guard let iterations, let timeout, let interval, timeout < interval else { return }
        let span = arrival.span(of: iterations)
        guard span + timeout > interval else { return }
        section.report(
            found: "\(iterations) arrivals within \(DurationText.text(of: span)) and a timeout of "
                + DurationText.text(of: timeout),
            expected: "no more than the interval of \(DurationText.text(of: interval)) in all",
            at: "arrival"
        )
    }
}
