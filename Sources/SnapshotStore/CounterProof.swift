import BenchmarkModel

/// Whether stored counters are what Prometheus saw last.
///
/// To Prometheus any decrease is a reset, after which the whole value counts as an increase. So counters are restored only
/// where nothing later can have been exposed; beginning at zero is a true reset and costs nothing.
struct CounterProof {
    var mark: PublicationMark.Reading
    /// The benchmarks whose stored state is the last that the store acknowledged.
    var acknowledged: Set<String>

    /// Whether the counters of a stored state may be exposed as they are.
    ///
    /// A stored version behind the published one never is. One that is not behind may be, where the mark kept up with
    /// what was published; else it is the word of the store that counts: that it lost nothing since it acknowledged.
    func holds(for benchmark: String, _ stored: StateVersion) -> Bool {
        switch mark {
        case .unreadable: return false
        case .missing: return acknowledged.contains(benchmark)
        case .contents(let contents, let isWritable):
            guard stored.epoch >= contents.earliestEpoch else { return false }
            guard let published = contents.published[benchmark] else { return acknowledged.contains(benchmark) }
            return stored >= published && (isWritable || acknowledged.contains(benchmark))
        }
    }
}
