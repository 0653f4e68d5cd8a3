extension RedisScripts {
    /// Adds the calls `ARGV[3...]` to the stream `KEYS[1]`, removes what is older than `ARGV[1]`, in milliseconds since 1970,
    /// and lets it go when nothing was added for `ARGV[2]` milliseconds.
    ///
    /// A key of another type moves to `KEYS[2]`: nobody may keep the trail from being written by taking its name.
    static let audit = """
        local found = redis.call('TYPE', KEYS[1]).ok
        if found ~= 'none' and found ~= 'stream' then redis.call('RENAME', KEYS[1], KEYS[2]) end
        for i = 3, #ARGV do redis.call('XADD', KEYS[1], '*', 'call', ARGV[i]) end
        redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """
}
