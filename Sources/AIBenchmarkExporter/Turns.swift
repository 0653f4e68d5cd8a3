/// Lets work on the same benchmark go on one after the other, in the order in which it came.
///
/// From the state that a run is compared with to the one that it leads to, nobody else may change that benchmark.
actor Turns {
    /// By the name of a benchmark that is being worked on: those who wait for it.
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    /// Does `work` when everything before it on `benchmark` has ended; not even a cancelled task loses its turn.
    nonisolated func take<Value: Sendable>(
        _ benchmark: String,
        _ work: @Sendable () async -> Value
    ) async -> Value {
        await take([benchmark], work)
    }

    /// Does `work` when it is its turn on all of `benchmarks`, which are taken in one order, so that no two wait for each other.
    nonisolated func take<Value: Sendable>(
        _ benchmarks: Set<String>,
        _ work: @Sendable () async -> Value
    ) async -> Value {
        for benchmark in benchmarks.sorted() { await begin(benchmark) }
        let value = await work()
        for benchmark in benchmarks { await end(benchmark) }
        return value
    }

    private func begin(_ benchmark: String) async {
        guard waiting[benchmark] != nil else {
            waiting[benchmark] = []
            return
        }
        await withCheckedContinuation { waiting[benchmark]?.append($0) }
    }

    private func end(_ benchmark: String) {
        guard let others = waiting[benchmark], let next = others.first else {
            waiting[benchmark] = nil
            return
        }
        waiting[benchmark] = Array(others.dropFirst())
        next.resume()
    }
}
