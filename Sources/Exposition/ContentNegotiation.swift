/// What a client is willing to read (RFC 9110, section 12.5.3).
package enum ContentNegotiation {
    /// Whether an answer may and should be compressed with gzip for this value of `Accept-Encoding`.
    ///
    /// `false` without the field, where gzip is refused with a weight of 0, and where the client would rather have the
    /// answer as it is. A weight that is not a number from 0 to 1 counts as 0.
    package static func acceptsGzip(_ acceptEncoding: String?) -> Bool {
        guard let acceptEncoding else { return false }
        var gzip: Double?
        var identity: Double?
        var anything: Double?
        for element in acceptEncoding.split(separator: ",") {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
            guard let coding = parts.first?.lowercased() else { continue }
            let weight = weight(of: parts.dropFirst())
            switch coding {
            case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
            case "identity": identity = weight
            case "*": anything = weight
            default: continue
            }
        }
        let weight = gzip ?? anything ?? 0
        return weight > 0 && weight >= identity ?? 0
    }

    /// 1 without parameters; the only parameter that there may be is `q`.
    private static func weight(of parameters: ArraySlice<Substring>) -> Double {
        guard let parameter = parameters.first else { return 1 }
        let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
        guard parameters.count == 1, pair.count == 2, pair[0].lowercased() == "q", let weight = Double(pair[1]),
            (0...1).contains(weight)
        else { return 0 }
        return weight
    }

    private static func trimmed(_ text: Substring) -> Substring {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        return text.drop(while: isBlank).dropLast(while: isBlank)
    }
}

extension Substring {
    /// Without the characters at the end that satisfy `predicate`.
    fileprivate func dropLast(while predicate: (Character) -> Bool) -> Substring {
        guard let last = lastIndex(where: { !predicate($0) }) else { return prefix(0) }
        return self[...last]
    }
}
