/// A message as clients store it.
struct StoredMessage: Codable, Equatable, Sendable {
    var role: String
    var content: String

    /// The bytes that it takes, with some for what surrounds it.
    var weight: Int { role.utf8.count + content.utf8.count + 64 }
}

extension [StoredMessage] {
    var weight: Int { reduce(0) { $0 + $1.weight } }
}
