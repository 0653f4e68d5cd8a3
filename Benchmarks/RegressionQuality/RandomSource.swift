import Glibc

/// Random numbers that are the same for the same seed, on every machine: SplitMix64, https://prng.di.unimi.it/splitmix64.c.
struct RandomSource {
    private var state: UInt64

    /// The numbers of one simulated benchmark: those of each `stream` are independent of the others.
    init(seed: UInt64, stream: Int...) {
        state = seed
        for part in stream {
            state ^= UInt64(truncatingIfNeeded: part) &* 0xD6E8_FEB8_6659_FD93
            _ = next()
        }
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform between 0 and 1, exclusively.
    mutating func uniform() -> Double {
        (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992
    }

    /// Standard normal: Box and Muller.
    mutating func normal() -> Double {
        (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    /// Exponential with mean 1.
    mutating func exponential() -> Double { -log(uniform()) }
}
