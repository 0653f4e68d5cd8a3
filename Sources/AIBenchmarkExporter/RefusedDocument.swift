/// Why a stored document cannot be taken up, as a clause.
struct RefusedDocument: Error, CustomStringConvertible {
    var reason: String

    var description: String { reason }
}
