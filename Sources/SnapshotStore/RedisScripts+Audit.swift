extension RedisScripts {
    /// Adds the calls `ARGV[5], ARGV[7]...`, each after its number, to the stream `KEYS[1]`, unless that of the last one stored,
    /// in `KEYS[3]`, says that they are there; removes what is older than `ARGV[1]`, in milliseconds since 1970, and the oldest
    /// beyond `ARGV[3]` entries; and lets the stream go when nothing was added for `ARGV[2]` milliseconds.
    ///
    /// A key of another type moves to `KEYS[2]`: nobody may keep the trail from being written by taking its name. The
    /// number is kept for an hour, longer than anything repeats a call.
    static let audit = """
        local found = redis.call('TYPE', KEYS[1]).ok
        if found ~= 'none' and found ~= 'stream' then redis.call('RENAME', KEYS[1], KEYS[2]) end
        local last = redis.call('GET', KEYS[3]) or '0'
        for i = 4, #ARGV, 2 do
            if tonumber(ARGV[i]) > tonumber(last) then
                redis.call('XADD', KEYS[1], '*', 'call', ARGV[i + 1])
                last = ARGV[i]
            end
        end
        redis.call('SET', KEYS[3], last, 'PX', 3600000)
        redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1])
        redis.call('XTRIM', KEYS[1], 'MAXLEN', ARGV[3])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """

    /// Removes from the streams `KEYS[2...]` what is older than `ARGV[1]`, in milliseconds since 1970, for the fence `ARGV[2]`.
    ///
    /// The answer is how many entries each has lost, or `{}` where a newer process has claimed the instance.
    static let trim = """
        local owner = tonumber(redis.call('GET', KEYS[1]) or '0')
        if owner and owner > tonumber(ARGV[2]) then return {} end
        local counts = {}
        for i = 2, #KEYS do counts[i - 1] = redis.call('XTRIM', KEYS[i], 'MINID', ARGV[1]) end
        return counts
        """
}
