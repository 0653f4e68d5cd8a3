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
        let isKept = isKept(key)
        let full = max(isKept ? fullAt[key] ?? .zero : overflowFullAt, now) + limit.interval
        let wait = full - now - limit.interval * limit.burst
        guard wait <= .zero else { return wait }
        if isKept { fullAt[key] = full } else { overflowFullAt = full }
        return nil
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
