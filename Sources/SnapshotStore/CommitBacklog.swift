import BenchmarkModel

/// What the store has yet to acknowledge: the latest state of each benchmark, the latest document of each name, and runs for
/// the history.
struct CommitBacklog {
    /// How many runs wait at most; then the oldest is dropped.
    ///
    /// The counters in the states miss nothing, only the history does.
    static let runLimit = 1_000

    /// By the name of the benchmark, written or not.
    private(set) var latest: [String: BenchmarkState] = [:]
    private var unwritten: Set<String> = []
    /// By name, written or not.
    private var documents: [String: VersionedDocument] = [:]
    private var unwrittenDocuments: Set<String> = []
    private var documentCount: Int64 = 0
    private var runs: [VersionedRun] = []
    /// Runs that were dropped since the last acknowledgement.
    private(set) var droppedRuns = 0

    var hasUnwrittenValues: Bool { !unwritten.isEmpty || !unwrittenDocuments.isEmpty }
    var runCount: Int { runs.count }

    /// Everything that waits, as one transaction.
    var batch: CommitBatch {
        CommitBatch(
            states: unwritten.sorted().compactMap { latest[$0] },
            runs: runs,
            documents: unwrittenDocuments.sorted().compactMap { documents[$0] }
        )
    }

    /// Takes over states that the store has, to be written again should it lose them.
    mutating func adopt(_ states: [String: BenchmarkState]) {
        latest.merge(states) { _, restored in restored }
    }

    /// Takes over documents that the store has, but for those of which there is a later one.
    mutating func adopt(documents restored: [String: [UInt8]]) {
        for (name, value) in restored where documents[name] == nil {
            documents[name] = VersionedDocument(name: name, sequence: 0, value: value)
        }
    }

    /// Keeps what `earlier` states know that those waiting to take their place do not.
    mutating func inherit(from earlier: [String: BenchmarkState]) {
        for (benchmark, state) in earlier { _ = latest[benchmark]?.inherit(from: state) }
    }

    /// Takes up a later document in the place of the last one of its name, and returns its version.
    @discardableResult
    mutating func add(document value: [UInt8], named name: String) -> StateVersion {
        documentCount += 1
        documents[name] = VersionedDocument(name: name, sequence: documentCount, value: value)
        unwrittenDocuments.insert(name)
        return StateVersion(epoch: 0, sequence: documentCount)
    }

    /// Takes up a later state, and the run that led to it if one did.
    mutating func add(_ state: BenchmarkState, _ run: RunSummary?) {
        latest[state.benchmark] = state
        unwritten.insert(state.benchmark)
        guard let run else { return }
        runs.append(VersionedRun(version: state.version, summary: run))
        if runs.count > Self.runLimit {
            runs.removeFirst()
            droppedRuns += 1
        }
    }

    /// Takes off what `batch` has written; what came later stays.
    mutating func acknowledge(_ batch: CommitBatch) {
        let versions = batch.versions
        for (benchmark, version) in versions where latest[benchmark]?.version == version {
            unwritten.remove(benchmark)
        }
        runs.removeAll { run in
            versions[run.summary.benchmark].map { run.version <= $0 } ?? false
        }
        for document in batch.documents where documents[document.name]?.sequence == document.sequence {
            unwrittenDocuments.remove(document.name)
        }
        droppedRuns = 0
    }

    /// The store may have lost what it had: all states and documents wait again.
    mutating func writeEverythingAgain() {
        unwritten = Set(latest.keys)
        unwrittenDocuments = Set(documents.keys)
    }
}

extension CommitBatch {
    /// By the name of the benchmark.
    var versions: [String: StateVersion] {
        Dictionary(states.map { ($0.benchmark, $0.version) }) { first, _ in first }
    }

    /// By the name of the document.
    var documentVersions: [String: StateVersion] {
        Dictionary(documents.map { ($0.name, StateVersion(epoch: 0, sequence: $0.sequence)) }) { first, _ in first }
    }
}
