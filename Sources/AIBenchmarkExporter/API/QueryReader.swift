import ExporterServer

/// The query of a request, read key by key; what is wrong ends the reading with 400.
struct QueryReader {
    private var values: [String: String] = [:]

    /// Reads the query of `request`, which may have each of `keys` once and nothing else: a mistyped key must not look like
    /// a filter that let everything pass.
    init(_ request: ServerRequest, keys: [String]) throws(APIProblem) {
        for pair in Self.pairs(of: request) {
            guard let (key, value) = pair else { throw APIProblem(400, "the query is not percent-encoded UTF-8") }
            guard keys.contains(key) else {
                let expected = keys.isEmpty ? "none" : keys.joined(separator: ", ")
                throw APIProblem(
                    400,
                    "the query: found the parameter \(JSONValue.string(key).kind), expected \(expected)"
                )
            }
            guard values.updateValue(value, forKey: key) == nil else {
                throw APIProblem(400, "the query parameter \(key): found it twice, expected it once")
            }
        }
    }

    /// What the query of `request` has for `key`, checked by nobody; `nil` where it has nothing.
    static func value(of key: String, in request: ServerRequest) -> String? {
        pairs(of: request).lazy.compactMap(\.self).first { $0.key == key }?.value
    }

    /// The parts of the query; `nil` in the place of one that cannot be decoded.
    private static func pairs(of request: ServerRequest) -> [(key: String, value: String)?] {
        (request.query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = decode(parts[0]), let value = decode(parts.count > 1 ? parts[1] : "") else { return nil }
            return (key, value)
        }
    }

    private static func decode(_ text: Substring) -> String? {
        PercentDecoding.decode(text.replacing("+", with: " "))
    }

    /// The text of `key`; `nil` where the query has none.
    func text(_ key: String) -> String? { values[key] }

    /// A whole number.
    func integer(_ key: String, in range: ClosedRange<Int>, default standard: Int) throws(APIProblem) -> Int {
        guard let text = values[key] else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw wrong(key, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A time, in seconds since 1970; `nil` where the query has none.
    func time(_ key: String) throws(APIProblem) -> Double? {
        guard let text = values[key] else { return nil }
        guard let time = Timestamp(text) else {
            throw wrong(key, text, "a time from 1970 on, such as 2026-01-31T12:00:00Z")
        }
        return time.seconds
    }

    /// A yes or no that is no where the query has none.
    func flag(_ key: String) throws(APIProblem) -> Bool {
        switch values[key] {
        case nil, "false": return false
        case "true": return true
        case .some(let text): throw wrong(key, text, "true or false")
        }
    }

    /// The name of one of `benchmarks`; `nil` where the query has none.
    func benchmark(among benchmarks: [String]) throws(APIProblem) -> String? {
        guard let name = values["benchmark"] else { return nil }
        guard benchmarks.contains(name) else {
            throw APIProblem(404, "no benchmark of the configuration has that name")
        }
        return name
    }

    private func wrong(_ key: String, _ text: String, _ expected: String) -> APIProblem {
        APIProblem(400, "the query parameter \(key): found \(JSONValue.string(text).kind), expected \(expected)")
    }
}
