/// How often something may happen: in the long run, and at once after a pause.
package struct RateLimit: Sendable, Hashable {
    /// Between two times in the long run; greater than zero.
    package var interval: Duration
    /// How often at once; at least 1.
    package var burst: Int

    package init(interval: Duration, burst: Int) {
        self.interval = interval
        self.burst = burst
    }

    package init(perSecond: Double, burst: Int) {
        self.init(interval: .seconds(1 / perSecond), burst: burst)
    }
}

/// Token buckets without a clock, one for each key, in bounded memory.
///
/// Of each bucket only the moment is kept at which it will be full again (the generic cell rate algorithm), so a full one
/// costs nothing. When there is room for no more, all further keys share one bucket: whoever brings many keys limits
/// strangers, and never frees itself.
struct TokenBuckets<Key: Hashable> {
    private let capacity: Int
    private var fullAt: [Key: Duration] = [:]
    private var overflowFullAt = Duration.zero

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many buckets are not full, or were not when room was last made.
    var count: Int { fullAt.count }

    /// Takes a token from the bucket of `key`; where it is empty, the time until it is not, and nothing is taken.
    mutating func take(_ key: Key, limit: RateLimit, now: Duration) -> Duration? {
        makeRoom(for: key, now: now)
        if let wait = wait(for: key, limit: limit, now: now) { return wait }
        let full = fullAfterTaking(key, limit: limit, now: now)
        if isKept(key) { fullAt[key] = full } else { overflowFullAt = full }
        return nil
    }

    /// The time until the bucket of `key` has a token; `nil` where it has one.
    func wait(for key: Key, limit: RateLimit, now: Duration) -> Duration? {
        let wait = fullAfterTaking(key, limit: limit, now: now) - now - limit.interval * limit.burst
        return wait > .zero ? wait : nil
    }

    private func fullAfterTaking(_ key: Key, limit: RateLimit, now: Duration) -> Duration {
        max(isKept(key) ? fullAt[key] ?? .zero : overflowFullAt, now) + limit.interval
    }

    /// Puts a token back that was taken.
    mutating func giveBack(_ key: Key, limit: RateLimit) {
        if fullAt[key] != nil { fullAt[key]? -= limit.interval }
    }

    private func isKept(_ key: Key) -> Bool {
        fullAt[key] != nil || fullAt.count < capacity
    }

    private mutating func makeRoom(for key: Key, now: Duration) {
        guard !isKept(key) else { return }
        fullAt = fullAt.filter { $0.value > now }
    }
}
