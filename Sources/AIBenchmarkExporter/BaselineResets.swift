import Synchronization

/// The benchmarks whose baselines somebody has reset in this process: what a late store knows of them is not taken over.
final class BaselineResets: Sendable {
    private let benchmarks = Mutex<Set<String>>([])

    func note(_ benchmark: String) {
        benchmarks.withLock { _ = $0.insert(benchmark) }
    }

    func contains(_ benchmark: String) -> Bool {
        benchmarks.withLock { $0.contains(benchmark) }
    }
}
