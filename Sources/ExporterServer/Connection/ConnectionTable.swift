/// Which connections there are, and which of them has waited longest for a complete head.
///
/// At the cap a new connection takes the place of that one, so that idle peers, however many, shut nobody out.
struct ConnectionTable<Connection> {
    /// Names a connection for as long as the server runs.
    struct ID: Hashable, Sendable {
        fileprivate var number: UInt64
    }

    enum Admission {
        case admitted(ID)
        /// The second one has lost its place and must be closed.
        case admittedInsteadOf(ID, Connection)
        case refused
    }

    private struct Entry {
        var connection: Connection
        /// When it began to wait, as a number that grows; `nil` while a request is read or answered.
        var waitingSince: UInt64?
    }

    private let capacity: Int
    private var entries: [ID: Entry] = [:]
    private var now: UInt64 = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isEmpty: Bool { entries.isEmpty }

    var connections: [Connection] { entries.values.map(\.connection) }

    /// Makes room for a connection, which then waits.
    mutating func admit(_ connection: Connection) -> Admission {
        let id = ID(number: tick())
        let entry = Entry(connection: connection, waitingSince: id.number)
        guard entries.count >= capacity else {
            entries[id] = entry
            return .admitted(id)
        }
        // Over a few hundred entries, and only at the cap.
        let waiting = entries.filter { $0.value.waitingSince != nil }
        let longest = waiting.min { ($0.value.waitingSince ?? 0) < ($1.value.waitingSince ?? 0) }
        guard let longest else { return .refused }
        entries[longest.key] = nil
        entries[id] = entry
        return .admittedInsteadOf(id, longest.value.connection)
    }

    /// The connection waits from now on, unless it has been waiting.
    mutating func waits(_ id: ID) {
        guard let entry = entries[id], entry.waitingSince == nil else { return }
        let now = tick()
        entries[id]?.waitingSince = now
    }

    /// The connection has a complete head.
    mutating func works(_ id: ID) {
        entries[id]?.waitingSince = nil
    }

    mutating func remove(_ id: ID) {
        entries[id] = nil
    }

    private mutating func tick() -> UInt64 {
        now += 1
        return now
    }
}
