/// What a token may do.
package enum Role: String, Sendable, Hashable, CaseIterable, Encodable {
    /// See.
    case read
    /// See and change.
    case admin

    /// Whether a token of this role may do what takes `needed`.
    package func includes(_ needed: Role) -> Bool {
        switch (self, needed) {
        case (.admin, _), (.read, .read): true
        case (.read, .admin): false
        }
    }
}
