/// Which connections there are, what each makes the server hold, and which of them has waited longest for its peer.
///
/// A connection waits for its peer in all phases but one: while a request is answered, unless that takes long, as nobody can
/// tell then whether the peer is still there. It begins to wait anew when the
/// peer has got something done, a whole head or a whole request, and not with every byte. At the cap a new connection takes
/// the place of the one that has waited longest, and so does a body or an answer for which there is no room. Who holds much
/// loses before all others: a scrape holds nothing before it is answered, so it outlasts any number of large bodies that
/// come in faster than they are read. So peers that are idle or slow, however many, and in whatever they are slow, shut
/// nobody out.
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
        /// When it began to wait, as a number that grows; `nil` while it keeps its place.
        var waitingSince: UInt64?
        var heldBytes = 0
    }

    /// More than the body of a management call has, and less than it takes to fill the memory.
    private static var muchBytes: Int { 128 * 1024 }

    private let capacity: Int
    private let maximumHeldBytes: Int
    private var entries: [ID: Entry] = [:]
    private var heldBytes = 0
    private var now: UInt64 = 0

    init(capacity: Int, maximumHeldBytes: Int) {
        self.capacity = capacity
        self.maximumHeldBytes = maximumHeldBytes
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
        let loser =
            removeLongestWaiting(except: nil, holding: Self.muchBytes) ?? removeLongestWaiting(except: nil, holding: 0)
        guard let loser else { return .refused }
        entries[id] = entry
        return .admittedInsteadOf(id, loser)
    }

    /// The connection waits for its peer from now on.
    mutating func waits(_ id: ID) {
        let now = tick()
        entries[id]?.waitingSince = now
    }

    /// The connection has a complete request, and the peer waits.
    mutating func works(_ id: ID) {
        entries[id]?.waitingSince = nil
    }

    /// The connection makes the server hold so much from now on; those that come back have lost their places to it, and
    /// must be closed.
    ///
    /// What one connection alone holds is bounded elsewhere: it never loses its own place.
    mutating func holds(_ bytes: Int, _ id: ID) -> [Connection] {
        guard let entry = entries[id] else { return [] }
        heldBytes += bytes - entry.heldBytes
        entries[id]?.heldBytes = bytes
        var losers: [Connection] = []
        while heldBytes > maximumHeldBytes, let loser = removeLongestWaiting(except: id, holding: 1) {
            losers.append(loser)
        }
        return losers
    }

    mutating func remove(_ id: ID) {
        heldBytes -= entries.removeValue(forKey: id)?.heldBytes ?? 0
    }

    /// Of those that hold at least so many bytes; looks at a few hundred entries, and only at a cap.
    private mutating func removeLongestWaiting(except id: ID?, holding least: Int) -> Connection? {
        let waiting = entries.filter { $0.key != id && $0.value.waitingSince != nil && $0.value.heldBytes >= least }
        let longest = waiting.min { ($0.value.waitingSince ?? 0) < ($1.value.waitingSince ?? 0) }
        guard let longest else { return nil }
        remove(longest.key)
        return longest.value.connection
    }

    private mutating func tick() -> UInt64 {
        now += 1
        return now
    }
}
