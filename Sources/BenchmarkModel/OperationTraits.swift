/// What is measured of an operation beside its duration: it decides which series the operation has.
package struct OperationTraits: Hashable, Sendable {
    /// The label `model` of a language model's metrics; `nil` for other probes.
    package var model: String?
    /// Whether iterations arrive on a schedule of their own, so that they have a response time.
    package var isOpenLoop: Bool
    /// Whether a request is repeated until a write shows.
    package var waitsForVisibility: Bool

    package init(model: String? = nil, isOpenLoop: Bool = false, waitsForVisibility: Bool = false) {
        self.model = model
        self.isOpenLoop = isOpenLoop
        self.waitsForVisibility = waitsForVisibility
    }
}
