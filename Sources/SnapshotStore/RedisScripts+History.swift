extension RedisScripts {
    /// One page of the history in the stream `KEYS[1]`, newest first; it writes nothing.
    ///
    /// `ARGV[1...2]` are the IDs between which it looks, the newest first; `ARGV[3...6]` the most runs, entries and bytes
    /// of the page, and the longest value; with `ARGV[7]` 1, only entries of the benchmark `ARGV[8]`. The answer is
    /// `{next, {id, value, …}}` with the ID to go on before, empty where there is nothing more, and false in the place of
    /// what is no value of ours.
    static let history = """
        local runs, entries, bytes, longest = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
        local found, last, number, size, seen = {}, ARGV[1], 0, 0, 0
        while seen < entries do
            local part = redis.call('XREVRANGE', KEYS[1], last, ARGV[2], 'COUNT', 100)
            for _, entry in ipairs(part) do
                last, seen = '(' .. entry[1], seen + 1
                local benchmark, value
                for i = 1, #entry[2] - 1, 2 do
                    if entry[2][i] == 'benchmark' then benchmark = entry[2][i + 1] end
                    if entry[2][i] == 'run' then value = entry[2][i + 1] end
                end
                if ARGV[7] == '0' or benchmark == ARGV[8] then
                    if number >= runs or size > bytes then return { found[#found - 1], found } end
                    if value and #value > longest then value = nil end
                    found[#found + 1] = entry[1]
                    found[#found + 1] = value or false
                    number, size = number + 1, size + #(value or '')
                end
            end
            if #part < 100 then return { '', found } end
        end
        return { string.sub(last, 2), found }
        """
}
