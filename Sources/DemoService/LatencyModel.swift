import Foundation

/// What an answer of the demo service takes its time for.
///
/// `storage` is one reading or writing of what the service keeps, `visibility` how long readers do not yet see what was
/// written. A plain completion of 24 tokens stays within 300 ms in 95 of 100 cases.
enum LatencyKind: UInt64, CaseIterable {
    case health, cacheHit, cacheMiss, context, routing, firstToken, nextToken, embedding, storage, visibility

    /// Half of the draws are below this.
    var median: Duration {
        switch self {
        case .health: .milliseconds(2)
        case .cacheHit: .milliseconds(5)
        case .cacheMiss: .milliseconds(80)
        case .context: .milliseconds(30)
        case .routing: .milliseconds(20)
        case .firstToken: .milliseconds(120)
        case .nextToken: .milliseconds(3)
        case .embedding: .milliseconds(25)
        case .storage: .milliseconds(8)
        case .visibility: .milliseconds(15)
        }
    }
}

/// Latencies as services have them, lognormal: many near the median, a few far above it.
///
/// Each kind has a generator of its own, so the n-th draw of a kind depends on the seed alone and not on what else was
/// asked in between.
struct LatencyModel: Sendable {
    /// Standard deviation of the logarithm: 0.3 puts the 95th percentile at 1.6 medians.
    private static let spread = 0.3

    private var generators: [LatencyKind: SplitMix64]

    init(seed: UInt64) {
        generators = Dictionary(
            uniqueKeysWithValues: LatencyKind.allCases.map { ($0, SplitMix64(seed: seed, stream: $0.rawValue)) }
        )
    }

    /// The next latency of `kind`: between 0.4 and 2.5 medians, as the normal deviate is cut off at 3.
    mutating func draw(_ kind: LatencyKind) -> Duration {
        let deviate = generators[kind, default: SplitMix64(seed: 0)].nextNormal()
        return kind.median * exp(Self.spread * min(max(deviate, -3), 3))
    }
}

/// The generator of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014).
struct SplitMix64: RandomNumberGenerator, Sendable {
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// One of several unrelated generators for the same seed.
    init(seed: UInt64, stream: UInt64) {
        var chooser = SplitMix64(seed: stream)
        state = seed ^ chooser.next()
    }

    mutating func next() -> UInt64 {
        state &+= Self.increment
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A standard normal deviate, by the transform of Box and Muller (1958).
    mutating func nextNormal() -> Double {
        let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
        return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &self))
    }
}

extension String {
    /// The FNV-1a hash of the text: the same in every process, unlike that of `Hashable`.
    var stableHash: UInt64 { utf8.stableHash }
}

extension Sequence<UInt8> {
    /// The FNV-1a hash of the bytes.
    var stableHash: UInt64 {
        reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
