/// A value that may be a credential: it says nothing of itself in any description, mirror or interpolation.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The value itself; only what sends it to its destination reads it.
    package let reveal: String

    package init(_ value: String) {
        reveal = value
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
