import BenchmarkModel

/// Those who wait for a version of a benchmark to become durable or marked, or for one of a document to be stored, each until a
/// deadline.
struct TicketBoard<Instant: InstantProtocol> {
    enum Goal: Hashable {
        case durable, marked
        /// Of a document.
        case stored
    }

    struct Ticket {
        var goal: Goal
        /// The benchmark, or the document.
        var subject: String
        var version: StateVersion
        /// Not before that of any ticket added earlier.
        var deadline: Instant
        /// Resumed once: whether the goal was reached.
        var continuation: CheckedContinuation<Bool, Never>
    }

    private var tickets: [Ticket] = []

    mutating func add(_ ticket: Ticket) {
        tickets.append(ticket)
    }

    /// The next instant at which somebody has waited long enough.
    var nextDeadline: Instant? {
        tickets.first?.deadline
    }

    func count(_ goal: Goal) -> Int {
        tickets.count { $0.goal == goal }
    }

    /// Tells everyone who waits for one of `versions`, or for an earlier one of its subject, whether it got there.
    mutating func settle(_ goal: Goal, _ versions: [String: StateVersion], reached: Bool) {
        settle(reached: reached) { ticket in
            guard ticket.goal == goal, let version = versions[ticket.subject] else { return false }
            return ticket.version <= version
        }
    }

    /// Tells everyone whose deadline has come that it did not get there, and returns what they waited for.
    mutating func expire(at now: Instant) -> Set<Goal> {
        Set(settle(reached: false) { $0.deadline <= now }.map(\.goal))
    }

    /// Tells everyone that it did not get there.
    mutating func abandonAll() {
        settle(reached: false) { _ in true }
    }

    @discardableResult
    private mutating func settle(reached: Bool, where isSettled: (Ticket) -> Bool) -> [Ticket] {
        let settled = tickets.filter(isSettled)
        tickets.removeAll(where: isSettled)
        for ticket in settled { ticket.continuation.resume(returning: reached) }
        return settled
    }
}
