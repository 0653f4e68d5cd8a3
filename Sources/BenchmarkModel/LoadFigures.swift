/// What a run loaded its target with, and what became of it.
package struct LoadFigures: Hashable, Sendable, Codable {
    /// The most iterations that were in flight at the same time.
    package var peakInFlight: Int
    /// The throughput of successes of N workers divided by N times that of one; 1 where they do not hinder each other.
    ///
    /// `nil` where that was not measured, or had no success.
    package var efficiency: Double?

    package init(peakInFlight: Int, efficiency: Double? = nil) {
        self.peakInFlight = peakInFlight
        self.efficiency = efficiency
    }
}
