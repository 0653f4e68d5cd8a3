import BenchmarkModel
import RedisClient

extension RedisSnapshotReader {
    /// How long the fence is watched: longer than a living exporter ever leaves it alone, which is 5 s and a commit.
    private static let watchTime = Duration.seconds(8)
    /// By how much, in milliseconds, the clocks of here and of the server may disagree over the watch.
    private static let watchTolerance: Int64 = 2_000

    /// Whether an exporter owns the instance and is alive, anywhere.
    ///
    /// The fence expires after the retention, and each commit of its owner, an empty one every 5 s included, makes that
    /// begin anew. So its time to live falls with the clock unless somebody is there; `sleep` waits for that long.
    package func isOwned<C: Clock>(
        watching clock: C,
        sleep: (Duration) async throws -> Void
    ) async throws -> Bool where C.Duration == Duration {
        let before = try await fence()
        guard before.timeToLive != Self.missing else { return false }
        let start = clock.now
        try await sleep(Self.watchTime)
        let elapsed = start.duration(to: clock.now).nanoseconds / 1_000_000
        let after = try await fence()
        if after.owner != before.owner || (before.timeToLive < 0) != (after.timeToLive < 0) { return true }
        if before.timeToLive < 0 { return false }
        return before.timeToLive - after.timeToLive < elapsed - Self.watchTolerance
    }

    /// What Redis says of a key that is not there; -1 is one that never expires.
    private static let missing: Int64 = -2

    private func fence() async throws(StoreError) -> (owner: String?, timeToLive: Int64) {
        try await exchange { send throws(StoreError) in
            guard case .integer(let timeToLive) = try await send(["PTTL", keys.fence]) else { throw unexpected }
            return (try await send(["GET", keys.fence]).text, timeToLive)
        }
    }
}
