import SnapshotStore

/// Makes few entries of many refusals, so that whoever may not call the management API cannot fill its trail.
///
/// The first of its kind is an entry at once: same address, token, path and status. What follows within a minute is counted,
/// and becomes one more when the minute is over, or when somebody reads the trail before that, which each kind gets once: who
/// refuses to stop makes three entries a minute, however often the trail is read. A state machine without a clock: time is
/// that of the entries.
struct RefusalFold {
    /// The most kinds that are told apart at a time; beyond, the address and the path are not.
    static let capacity = 64
    /// In seconds.
    static let period = 60.0

    private struct Kind {
        var entry: AuditEntry
        var repeats = 0
        /// When the last one was, in seconds since 1970.
        var last: Double
        /// Whether a count was told before the minute was over.
        var isTold = false
    }

    /// In the order in which they began.
    private var kinds: [Kind] = []

    /// What is to be kept, now that `entry` has come: in the order of their times.
    mutating func take(_ entry: AuditEntry) -> [AuditEntry] {
        var due = removeOver(at: entry.time)
        guard entry.isRefusal else { return due + [entry] }
        var entry = entry
        if kinds.count >= Self.capacity, !kinds.contains(where: { $0.entry.isAlike(entry) }) {
            (entry.address, entry.method, entry.path) = ("various", "various", "various")
        }
        if let index = kinds.firstIndex(where: { $0.entry.isAlike(entry) }) {
            kinds[index].repeats += 1
            kinds[index].last = entry.time
        } else {
            kinds.append(Kind(entry: entry, last: entry.time))
            due.append(entry)
        }
        return due
    }

    /// What was counted and is no entry yet, at `time` in seconds since 1970, for who reads the trail: what goes on is counted
    /// on.
    mutating func tell(at time: Double) -> [AuditEntry] {
        var due = removeOver(at: time)
        for index in kinds.indices where !kinds[index].isTold && kinds[index].repeats > 0 {
            due.append(Self.count(kinds[index], at: time))
            (kinds[index].isTold, kinds[index].repeats) = (true, 0)
        }
        return due
    }

    /// What was counted and is no entry yet, at `time` in seconds since 1970, when nothing follows.
    mutating func drain(at time: Double) -> [AuditEntry] {
        remove(at: time) { _ in true }
    }

    private mutating func removeOver(at time: Double) -> [AuditEntry] {
        remove(at: time) { !(0..<Self.period).contains(time - $0.entry.time) }
    }

    private mutating func remove(at time: Double, where isOver: (Kind) -> Bool) -> [AuditEntry] {
        let over = kinds.filter(isOver)
        kinds.removeAll(where: isOver)
        return over.filter { $0.repeats > 0 }.map { Self.count($0, at: time) }
    }

    private static func count(_ kind: Kind, at time: Double) -> AuditEntry {
        var entry = kind.entry
        entry.time = time
        entry.parameters = "repeated=\(kind.repeats) last_at=\(Timestamp(kind.last).text)"
        return entry
    }
}

extension AuditEntry {
    /// Whether nothing was done because nobody known asked for it, or a client asked too often.
    var isRefusal: Bool { token == nil && status >= 400 || status == 429 }

    /// Whether both are refusals of one kind.
    fileprivate func isAlike(_ other: Self) -> Bool {
        (address, token, method, path, status) == (other.address, other.token, other.method, other.path, other.status)
    }
}
