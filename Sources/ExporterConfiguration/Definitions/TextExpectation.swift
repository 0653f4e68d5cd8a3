/// What a text must hold; a text that does not is a `validation` failure.
package struct TextExpectation: Hashable, Sendable {
    /// A text that must be in it; `nil` accepts any.
    package var contains: String?
    /// A regular expression that must match somewhere in it; `nil` accepts any.
    package var matches: String?

    package init(contains: String? = nil, matches: String? = nil) {
        self.contains = contains
        self.matches = matches
    }

    /// Whether any text will do.
    package var isEmpty: Bool { contains == nil && matches == nil }
}
