/// Every family at one moment, in the order in which they are exposed; immutable, so that encoding and evaluating it
/// hold nobody up.
package struct MetricSnapshot: Hashable, Sendable {
    /// Each name occurs once.
    package var families: [MetricFamily]
    /// Grows with each change of what the snapshot was taken of, so that of two the later one is known.
    package var revision: UInt64

    package init(families: [MetricFamily] = [], revision: UInt64 = 0) {
        self.families = families
        self.revision = revision
    }
}
