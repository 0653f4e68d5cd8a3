extension Decoder {
    /// Throws where the object has a key that is none of `Keys`.
    func refuseUnknownKeys<Keys: CodingKey & CaseIterable>(beside keys: Keys.Type) throws {
        let known = Set(keys.allCases.map(\.stringValue))
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: codingPath + [key],
                    debugDescription: "is not one of \(known.sorted().joined(separator: ", "))"
                )
            )
        }
    }
}

/// Any key of an object, to find those that nobody knows.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
}
