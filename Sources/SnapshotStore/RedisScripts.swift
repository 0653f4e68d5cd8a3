// THE SCRIPTS
//
// Redis runs a script as one step, so each of these is a transaction. Their keys are those of `RedisKeys`, in its order.

/// What runs inside Redis.
enum RedisScripts {
    /// Takes the fence `ARGV[1]` unless the store has seen one that is not lower.
    ///
    /// The answer is `{1, moved, {field, length, …}, {name, length, …}}` with all fields of the state and all documents, or
    /// `{0, moved, fence}` with the fence to exceed. Keys of another type, and hashes with more than `ARGV[2]` fields that would
    /// be read, are moved out of the way; `moved` names
    /// them. A claim never lowers the fence: one that takes effect late, when its sender has given it up and claimed again,
    /// does no harm.
    static let claim =
        order + documentOrder + """
            local types = { 'hash', 'stream', 'string', 'hash', 'hash' }
            local moved = {}
            for i, type in ipairs(types) do
                local found = redis.call('TYPE', KEYS[i]).ok
                local isForeign = found ~= 'none' and found ~= type
                if (i == 1 or i == 5) and found == 'hash' then isForeign = redis.call('HLEN', KEYS[i]) > tonumber(ARGV[2]) end
                if isForeign then
                    redis.call('RENAME', KEYS[i], KEYS[i + #types])
                    moved[#moved + 1] = KEYS[i]
                end
            end
            local fence = number(redis.call('GET', KEYS[3]), \(StoredValue.fenceLimit)) or 0
            local fields = redis.call('HKEYS', KEYS[1])
            for _, field in ipairs(fields) do
                local stored = order(field)
                if stored and stored.fence > fence then fence = stored.fence end
            end
            local names = redis.call('HKEYS', KEYS[5])
            for _, name in ipairs(names) do
                local stored = documentOrder(name)
                if stored and stored.fence > fence then fence = stored.fence end
            end
            if fence >= tonumber(ARGV[1]) then return { 0, moved, fence } end
            redis.call('SET', KEYS[3], ARGV[1])
            local function lengths(key, fields)
                local found = {}
                for _, field in ipairs(fields) do
                    found[#found + 1] = field
                    found[#found + 1] = redis.call('HSTRLEN', key, field)
                end
                return found
            end
            return { 1, moved, lengths(KEYS[1], fields), lengths(KEYS[5], names) }
            """

    /// Writes a batch for the fence `ARGV[1]`.
    ///
    /// The answer is `{0}` where a newer process has claimed the instance, else `{1, 1}`, or `{1, 0}` where the fence of
    /// this process was gone and so may be what it had written. `ARGV[2]` is the time after which the keys expire, `ARGV[3]`
    /// the stream ID below which runs go away, `ARGV[4...7]` the numbers of refused fields, states, runs and documents that
    /// follow: a refused field is the place of its key, its name, and the name under which it is set aside; a state and a run
    /// are benchmark, epoch, sequence and value; a document is name, sequence and value.
    static let commit =
        order + documentOrder + """
            local fence = tonumber(ARGV[1])
            local owner = number(redis.call('GET', KEYS[3]), \(StoredValue.fenceLimit) + 1) or 0
            if owner > fence then return { 0 } end
            local refused, states, runs = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
            local first = 8 + 3 * refused
            local firstDocument = first + 4 * (states + runs)
            local lastDocument = firstDocument + 3 * tonumber(ARGV[7]) - 1
            local before = {}
            for i = first, firstDocument - 1, 4 do
                local stored = order(ARGV[i])
                if stored and stored.fence > fence then return { 0 } end
                before[ARGV[i]] = stored
            end
            for i = firstDocument, lastDocument, 3 do
                local stored = documentOrder(ARGV[i])
                if stored and stored.fence > fence then return { 0 } end
            end
            -- Whether entry i is newer than the stored state by more than `margin` runs: -1 for one that is not older.
            local function isNewer(i, margin)
                local stored = before[ARGV[i]]
                if not stored or stored.fence < fence then return true end
                local epoch, sequence = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
                return epoch > stored.epoch or (epoch == stored.epoch and sequence - stored.sequence > margin)
            end
            redis.call('SET', KEYS[3], ARGV[1])
            for i = 8, first - 1, 3 do
                local key = KEYS[tonumber(ARGV[i])]
                local value = redis.call('HGET', key, ARGV[i + 1])
                if value then
                    redis.call('HSET', KEYS[4], ARGV[i + 2], value)
                    redis.call('HDEL', key, ARGV[i + 1])
                end
            end
            for i = first + 4 * states, first + 4 * (states + runs) - 1, 4 do
                if isNewer(i, 0) then redis.call('XADD', KEYS[2], '*', 'benchmark', ARGV[i], 'run', ARGV[i + 3]) end
            end
            for i = first, first + 4 * states - 1, 4 do
                if isNewer(i, -1) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 3]) end
            end
            for i = firstDocument, lastDocument, 3 do
                local stored = documentOrder(ARGV[i])
                if not stored or stored.fence < fence or stored.sequence <= tonumber(ARGV[i + 1]) then
                    redis.call('HSET', KEYS[5], ARGV[i], ARGV[1] .. ' ' .. ARGV[i + 1] .. '\\n' .. ARGV[i + 2])
                end
            end
            redis.call('XTRIM', KEYS[2], 'MINID', ARGV[3])
            for i = 1, 5 do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
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

    /// The place of a stored document, which its first line has; nil where it has none that one of ours can have.
    private static let documentOrder = """
        local function documentOrder(name)
            if redis.call('HSTRLEN', KEYS[5], name) > \(StoredValue.maximumSize) then return nil end
            local fence, sequence = string.match(redis.call('HGET', KEYS[5], name) or '', '^(%d+) (%d+)\\n')
            local result = { fence = number(fence, \(StoredValue.fenceLimit)), sequence = number(sequence, 2 ^ 53) }
            if result.fence and result.sequence then return result end
        end

        """
}
