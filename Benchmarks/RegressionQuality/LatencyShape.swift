import Glibc

/// A distribution of latencies, around a tenth of a second.
enum LatencyShape: String, CaseIterable {
    case lognormal, exponential, bimodal, pareto
    case autoregressive = "AR(1) 0.6"
    case rounded
    /// Whole runs are slow or fast, and the next one tends to be too; harder than what the promises are about.
    case wandering = "AR(1) 0.6 between runs"
    // These two were not used while choosing constants.
    case gamma = "gamma (held out)"
    case spikes = "spikes (held out)"

    /// The most false alarms in 10,000 stationary runs, to each side, that are promised; `nil` where nothing is.
    var promisedAlarms: Double? {
        switch self {
        case .lognormal, .exponential, .bimodal, .pareto, .rounded, .gamma, .spikes: 5
        case .autoregressive: 10
        case .wandering: nil
        }
    }
}

/// A service with latencies of one shape.
struct SimulatedService {
    var random: RandomSource
    let shape: LatencyShape
    /// The autoregressive part, standard normal, of shapes that have one.
    private var level: Double

    init(shape: LatencyShape, random: RandomSource) {
        self.shape = shape
        self.random = random
        level = 0
        level = self.random.normal()
    }

    /// The latencies of one run, in seconds, each `factor` times what it would be.
    mutating func run(iterations: Int, factor: Double) -> [Double] {
        if shape == .wandering { wander() }
        return (0..<iterations).map { _ in
            let latency = latency() * factor
            return shape == .rounded ? (latency / 0.02).rounded() * 0.02 : latency
        }
    }

    private mutating func wander() { level = 0.6 * level + 0.8 * random.normal() }

    private mutating func latency() -> Double {
        switch shape {
        case .lognormal, .rounded: return 0.1 * exp(0.4 * random.normal())
        case .exponential: return 0.1 * random.exponential()
        case .bimodal: return (random.uniform() < 0.7 ? 0.05 : 0.2) * exp(0.1 * random.normal())
        case .pareto: return 0.05 * exp(random.exponential() / 2.5)
        case .autoregressive:
            wander()
            return 0.1 * exp(0.4 * level)
        case .wandering: return 0.1 * exp(0.2 * level + 0.4 * random.normal())
        case .gamma: return 0.05 * (random.exponential() + random.exponential())
        case .spikes: return (random.uniform() < 0.03 ? 1 : 0.1) * exp(0.2 * random.normal())
        }
    }
}
