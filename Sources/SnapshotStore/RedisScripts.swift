// THE SCRIPTS
//
// Redis runs a script as one step, so each of these is a transaction. Their keys are those of `RedisKeys`, in its order.

/// What runs inside Redis.
enum RedisScripts {
    /// Takes the fence `ARGV[1]` unless the store has seen one that is not lower.
    ///
    /// The answer is `{1, moved, {field, length, …}}` with all fields of the state, or `{0, moved, fence}` with the fence to
    /// exceed. Keys of another type, and a state with more than `ARGV[2]` fields, are moved out of the way; `moved` names
    /// them. A claim never lowers the fence: one that takes effect late, when its sender has given it up and claimed again,
    /// does no harm.
    static let claim =
        order + """
            local types = { 'hash', 'stream', 'string', 'hash' }
            local moved = {}
            for i, type in ipairs(types) do
                local found = redis.call('TYPE', KEYS[i]).ok
                local isForeign = found ~= 'none' and found ~= type
                if i == 1 and found == 'hash' then isForeign = redis.call('HLEN', KEYS[i]) > tonumber(ARGV[2]) end
                if isForeign then
                    redis.call('RENAME', KEYS[i], KEYS[i + 4])
                    moved[#moved + 1] = KEYS[i]
                end
            end
            local fence = number(redis.call('GET', KEYS[3]), \(StoredValue.fenceLimit)) or 0
            local fields = redis.call('HKEYS', KEYS[1])
            for _, field in ipairs(fields) do
                local stored = order(field)
                if stored and stored.fence > fence then fence = stored.fence end
            end
            if fence >= tonumber(ARGV[1]) then return { 0, moved, fence } end
            redis.call('SET', KEYS[3], ARGV[1])
            local found = {}
            for _, field in ipairs(fields) do
                found[#found + 1] = field
                found[#found + 1] = redis.call('HSTRLEN', KEYS[1], field)
            end
            return { 1, moved, found }
            """

    /// Writes a batch for the fence `ARGV[1]`.
    ///
    /// The answer is `{0}` where a newer process has claimed the instance, else `{1, 1}`, or `{1, 0}` where the fence of
    /// this process was gone and so may be what it had written. `ARGV[2]` is the time after which the keys expire, `ARGV[3]`
    /// the stream ID below which runs go away, `ARGV[4...6]` the numbers of refused fields, states and runs that follow: a
    /// refused field is its name; a state and a run are benchmark, epoch, sequence and value.
    static let commit =
        order + """
            local fence = tonumber(ARGV[1])
            local owner = number(redis.call('GET', KEYS[3]), \(StoredValue.fenceLimit) + 1) or 0
            if owner > fence then return { 0 } end
            local refused, states, runs = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
            local before = {}
            for i = 7 + refused, 6 + refused + 4 * (states + runs), 4 do
                local stored = order(ARGV[i])
                if stored and stored.fence > fence then return { 0 } end
                before[ARGV[i]] = stored
            end
            -- Whether entry i is newer than the stored state by more than `margin` runs: -1 for one that is not older.
            local function isNewer(i, margin)
                local stored = before[ARGV[i]]
                if not stored or stored.fence < fence then return true end
                local epoch, sequence = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
                return epoch > stored.epoch or (epoch == stored.epoch and sequence - stored.sequence > margin)
            end
            redis.call('SET', KEYS[3], ARGV[1])
            for i = 7, 6 + refused do
                local value = redis.call('HGET', KEYS[1], ARGV[i])
                if value then
                    redis.call('HSET', KEYS[4], ARGV[i], value)
                    redis.call('HDEL', KEYS[1], ARGV[i])
                end
            end
            local first = 7 + refused
            for i = first + 4 * states, first + 4 * (states + runs) - 1, 4 do
                if isNewer(i, 0) then redis.call('XADD', KEYS[2], '*', 'benchmark', ARGV[i], 'run', ARGV[i + 3]) end
            end
            for i = first, first + 4 * states - 1, 4 do
                if isNewer(i, -1) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 3]) end
            end
            redis.call('XTRIM', KEYS[2], 'MINID', ARGV[3])
            for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
            return { 1, owner == fence and 1 or 0 }
            """

    /// The place of a stored state in the order of all; nil where the field has none that a state of ours can have.
    private static let order = """
        local function number(value, limit)
            local result = tonumber(value)
            if result and result >= 0 and result < limit then return result end
        end
        local function order(field)
            if redis.call('HSTRLEN', KEYS[1], field) > \(StoredValue.maximumSize) then return nil end
            local isRead, stored = pcall(cjson.decode, redis.call('HGET', KEYS[1], field) or '')
            if not isRead or type(stored) ~= 'table' or type(stored.state) ~= 'table' then return nil end
            local result = {
                fence = number(stored.fence, \(StoredValue.fenceLimit)),
                epoch = number(stored.state.epoch, 2 ^ 53),
                sequence = number(stored.state.sequence, 2 ^ 53)
            }
            if result.fence and result.epoch and result.sequence then return result end
        end

        """
}
