import ExporterConfiguration
import Foundation
import NIOCore

/// The values that paths find in a JSON document.
///
/// The decoder scans the document once and builds nothing but what the paths go through. What a hostile one may cost has its
/// bounds: an iteration ends at its deadline.
struct JSONPathQuery: Decodable {
    /// What stands at a path.
    enum Finding: Hashable, CustomStringConvertible {
        case scalar(JSONScalar)
        case array
        case object
        /// A text with a control character or half a surrogate pair in it, or a number beyond any `Double`.
        case unreadable
        case nothing

        var description: String {
            switch self {
            case .scalar(let value): value.shown
            case .array: "an array"
            case .object: "an object"
            case .unreadable: "no readable value"
            case .nothing: "not there"
            }
        }
    }

    /// The document has more than `maximumBytes`.
    struct TooLarge: Error {}

    /// The document could not be scanned before the deadline.
    struct OutOfTime: Error {}

    /// A path leads beyond `maximumIndex`.
    struct TooLong: Error {}

    /// For so many bytes of `1,` the decoder needs 12 MiB.
    static let maximumBytes = 1 << 20

    /// Passing an element over takes 0.15 µs, so that one path takes 15 ms at most.
    static let maximumIndex = 100_000

    /// What scanning a byte takes at most, and again what each path takes that goes through its object, in nanoseconds.
    ///
    /// Measured on large texts of `1,` and of `"1":1,`; neither can be stopped once begun.
    private static let timePerByte = 25
    /// How long after the deadline may still be read: of the 100 ms that an iteration may be late, half.
    private static let allowance = TimeAmount.milliseconds(50)

    /// One for each path, in their order.
    let findings: [Finding]

    /// Looks `paths` up in `bytes`; throws `TooLarge`, `OutOfTime`, `TooLong`, or a `DecodingError` where these are not JSON.
    static func findings(at paths: [JSONPath], in bytes: [UInt8], deadline: NIODeadline) throws -> [Finding] {
        guard bytes.count <= maximumBytes else { throw TooLarge() }
        let time = TimeAmount.nanoseconds(Int64(bytes.count * (1 + paths.count) * timePerByte))
        guard .now() + time - allowance < deadline else { throw OutOfTime() }
        let decoder = JSONDecoder()
        decoder.userInfo[pathsKey] = paths
        return try decoder.decode(JSONPathQuery.self, from: Data(bytes)).findings
    }

    init(from decoder: any Decoder) throws {
        let paths = decoder.userInfo[pathsKey] as? [JSONPath] ?? []
        findings = try paths.map { try Self.finding(at: $0.steps[...], in: decoder) }
    }

    private static func finding(at steps: ArraySlice<JSONPath.Step>, in decoder: any Decoder) throws -> Finding {
        guard let step = steps.first else { return try finding(of: decoder.singleValueContainer(), in: decoder) }
        let next: (any Decoder)?
        switch step {
        case .member(let name):
            let members = try? decoder.container(keyedBy: MemberName.self)
            let key = MemberName(stringValue: name)
            next = members?.contains(key) == true ? try members?.superDecoder(forKey: key) : nil
        case .index(let index):
            next = try (try? decoder.unkeyedContainer())?.decoder(at: index)
        }
        guard let next else { return .nothing }
        return try finding(at: steps.dropFirst(), in: next)
    }

    private static func finding(
        of value: any SingleValueDecodingContainer,
        in decoder: any Decoder
    ) throws -> Finding {
        if value.decodeNil() { return .scalar(.null) }
        if let bool = try? value.decode(Bool.self) { return .scalar(.bool(bool)) }
        if let number = try? value.decode(Double.self) { return .scalar(.number(number)) }
        if let string = try? value.decode(String.self) { return .scalar(.string(string)) }
        if (try? decoder.unkeyedContainer()) != nil { return .array }
        return (try? decoder.container(keyedBy: MemberName.self)) == nil ? .unreadable : .object
    }
}

private let pathsKey: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "paths") else { preconditionFailure("any text is a key") }
    return key
}()

/// The name of a member of an object; an index is none.
private struct MemberName: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}

/// An element that is passed over.
private struct AnyElement: Decodable {
    init(from decoder: any Decoder) {}
}

extension UnkeyedDecodingContainer {
    /// The decoder of the element at `index`, negative from the end; `nil` where there is none.
    fileprivate func decoder(at index: Int) throws -> (any Decoder)? {
        guard let count else { return nil }
        let position = index < 0 ? index + count : index
        guard (0..<count).contains(position) else { return nil }
        guard position <= JSONPathQuery.maximumIndex else { throw JSONPathQuery.TooLong() }
        var container = self
        while container.currentIndex < position { _ = try container.decode(AnyElement.self) }
        return try container.superDecoder()
    }
}

extension JSONScalar {
    /// The value as JSON has it, a long string by its beginning.
    var shown: String {
        switch self {
        case .null, .bool, .number: text
        case .string(let value): Excerpt(value).description
        }
    }
}
