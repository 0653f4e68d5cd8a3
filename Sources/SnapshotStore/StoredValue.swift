import BenchmarkModel
import Foundation

// HOW A STATE AND A RUN ARE WRITTEN
//
// JSON, each value in an envelope with the version of its format. What comes back from a store may be anything: it is
// held against limits before it is parsed, and checked before it is believed.

/// One benchmark's state as a store keeps it.
struct StoredState: Hashable {
    /// Of the process that wrote it.
    var fence: Int64
    /// The server process that acknowledged it; `nil` where the store has no such thing.
    var server: String?
    var state: BenchmarkState

    var order: StoredOrder { StoredOrder(fence: fence, version: state.version) }
}

extension StoredState: Codable {
    private enum CodingKeys: String, CodingKey {
        case version, fence, server, state
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let version = try container.decode(Int.self, forKey: .version)
        guard version == StoredValue.formatVersion else {
            let known = StoredValue.formatVersion
            throw RefusedFormat(reason: "its format is version \(version), this program reads \(known)")
        }
        fence = try container.decode(Int64.self, forKey: .fence)
        server = try container.decodeIfPresent(String.self, forKey: .server)
        state = try container.decode(BenchmarkState.self, forKey: .state)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(StoredValue.formatVersion, forKey: .version)
        try container.encode(fence, forKey: .fence)
        try container.encodeIfPresent(server, forKey: .server)
        try container.encode(state, forKey: .state)
    }
}

/// One run of the history as a store keeps it.
struct StoredRun: Hashable, Codable {
    var version = StoredValue.formatVersion
    var epoch: Int64
    var sequence: Int64
    var run: RunSummary

    init(_ run: VersionedRun) {
        epoch = run.version.epoch
        sequence = run.version.sequence
        self.run = run.summary
    }
}

/// The format of stored values.
enum StoredValue {
    static let formatVersion = 2
    /// The largest value that is read, in bytes; a state of ours has some 30,000 for each operation.
    static let maximumSize = 4 << 20
    /// Fences are below this: milliseconds until long after the year 100,000, with room to count on.
    static let fenceLimit: Int64 = 1 << 52
    /// The deepest nesting that is read; a state of ours has 9 levels.
    static let maximumDepth = 32

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "+Inf",
            negativeInfinity: "-Inf",
            nan: "NaN"
        )
        return Array(try encoder.encode(value))
    }

    /// Reads what is stored as the state of `benchmark`; the reason, as a clause, where it cannot be one.
    static func decodeState(_ bytes: [UInt8], of benchmark: String) -> Result<StoredState, RefusedFormat> {
        decode(StoredState.self, from: bytes).flatMap { stored in
            stored.defect(as: benchmark).map { .failure(RefusedFormat(reason: $0)) } ?? .success(stored)
        }
    }

    /// Reads what is stored as a run; the reason, as a clause, where it cannot be one.
    static func decodeRun(_ bytes: [UInt8]) -> Result<RunSummary, RefusedFormat> {
        decode(StoredRun.self, from: bytes).flatMap { stored in
            stored.defect.map { .failure(RefusedFormat(reason: $0)) } ?? .success(stored.run)
        }
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: [UInt8]
    ) -> Result<Value, RefusedFormat> {
        if bytes.count > maximumSize { return .failure(.tooLong(bytes.count)) }
        if depth(of: bytes) > maximumDepth { return .failure(.tooDeep) }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "+Inf",
            negativeInfinity: "-Inf",
            nan: "NaN"
        )
        do {
            return .success(try decoder.decode(type, from: Data(bytes)))
        } catch {
            return .failure(RefusedFormat(error))
        }
    }

    /// Holds what is stored as a document against the limits of what may be parsed.
    static func checkDocument(_ bytes: [UInt8]) -> Result<[UInt8], RefusedFormat> {
        if bytes.count > maximumSize { return .failure(.tooLong(bytes.count)) }
        return depth(of: bytes) > maximumDepth ? .failure(.tooDeep) : .success(bytes)
    }

    /// How deep the brackets outside of strings are nested.
    private static func depth(of bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isInString: isEscaped = true
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}

extension StoredState {
    fileprivate func defect(as benchmark: String) -> String? {
        if fence < 0 || fence >= StoredValue.fenceLimit { return "fence \(fence) is not in 0..<2^52" }
        if state.benchmark != benchmark { return "it is the state of '\(state.benchmark)'" }
        return state.defect
    }
}

extension StoredRun {
    fileprivate var defect: String? {
        if version != StoredValue.formatVersion {
            return "its format is version \(version), this program reads \(StoredValue.formatVersion)"
        }
        return run.defect
    }
}

/// Why a stored value was refused.
struct RefusedFormat: Error, Hashable {
    /// A clause about the value.
    var reason: String

    static let gone = Self(reason: "it is gone")
    static let tooDeep = Self(reason: "it is nested deeper than \(StoredValue.maximumDepth) levels")

    static func tooLong(_ count: some BinaryInteger) -> Self {
        Self(reason: "it has \(count) bytes, more than \(StoredValue.maximumSize)")
    }
}

extension RefusedFormat {
    /// The reason that a decoder gave, with the place in the value.
    fileprivate init(_ error: any Error) {
        switch error {
        case let refused as Self:
            self = refused
        case DecodingError.keyNotFound(let key, let context):
            self.init(place: context.codingPath + [key], "is missing")
        case DecodingError.valueNotFound(_, let context):
            self.init(place: context.codingPath, "is null")
        case DecodingError.typeMismatch(let type, let context):
            self.init(place: context.codingPath, "is no \(type)")
        case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty:
            self.init(reason: "it cannot be read as JSON")
        case DecodingError.dataCorrupted(let context):
            self.init(place: context.codingPath, "is refused: \(context.debugDescription)")
        default:
            self.init(reason: "it cannot be decoded: \(error)")
        }
    }

    private init(place: [any CodingKey], _ what: String) {
        guard !place.isEmpty else {
            self.init(reason: "it \(what)")
            return
        }
        let path = place.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        self.init(reason: "\(path.drop { $0 == "." }) \(what)")
    }
}
