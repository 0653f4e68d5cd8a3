import ExporterServer

/// The query of a request, read key by key; what is wrong ends the reading with 400.
struct QueryReader {
    private var values: [String: String] = [:]

    /// Reads the query of `request`, which may have each of `keys` once and nothing else: a mistyped key must not look like
    /// a filter that let everything pass.
    init(_ request: ServerRequest, keys: [String]) throws(APIProblem) {
        for pair in (request.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : "") else {
                throw APIProblem(400, "the query is not percent-encoded UTF-8")
            }
            guard keys.contains(key) else {
                let known = keys.isEmpty ? "no parameter is taken here" : "expected \(keys.joined(separator: ", "))"
                throw APIProblem(400, "unknown query parameter: \(known)")
            }
            guard values.updateValue(value, forKey: key) == nil else {
                throw APIProblem(400, "the query parameter \(key) stands there twice")
            }
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
            throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A time, in seconds since 1970; `nil` where the query has none.
    func time(_ key: String) throws(APIProblem) -> Double? {
        guard let text = values[key] else { return nil }
        guard let time = Timestamp(text) else { throw wrong(key, "a time such as 2026-01-31T12:00:00Z") }
        return time.seconds
    }

    /// A yes or no that is no where the query has none.
    func flag(_ key: String) throws(APIProblem) -> Bool {
        switch values[key] {
        case nil, "false": return false
        case "true": return true
        case .some: throw wrong(key, "true or false")
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

    private func wrong(_ key: String, _ expected: String) -> APIProblem {
        APIProblem(400, "the query parameter \(key) is not \(expected)")
    }
}
