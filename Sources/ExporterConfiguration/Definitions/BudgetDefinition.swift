/// What a target may cost, and how much may be asked of it at once; at least one of the three.
package struct BudgetDefinition: Hashable, Sendable {
    /// Input and output of its language models in an hour of UTC, at least 1; `nil` for no limit.
    package var tokensPerHour: Int?
    /// The same in a day of UTC.
    package var tokensPerDay: Int?
    /// The requests that may be on their way at the same time, at least 1; `nil` for no limit.
    package var maxInFlight: Int?

    package init(tokensPerHour: Int? = nil, tokensPerDay: Int? = nil, maxInFlight: Int? = nil) {
        self.tokensPerHour = tokensPerHour
        self.tokensPerDay = tokensPerDay
        self.maxInFlight = maxInFlight
    }
}
