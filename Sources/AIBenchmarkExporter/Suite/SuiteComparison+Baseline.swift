import Analysis
import BenchmarkModel
import ExporterConfiguration
import Foundation
import SnapshotStore

extension SuiteComparison {
    /// How long a store may take to hand out its baselines.
    private static let patience = Duration.seconds(3)

    /// The comparison with the baselines in the store, which is only looked into: whoever owns it notices nothing.
    ///
    /// Where they cannot be read within 3 s, or before the task is cancelled, that is why nothing is known.
    init(baselinesOf benchmarks: [BenchmarkDefinition], in access: StoreAccess) async {
        guard let reader = access.makeReader() else {
            self.init(.baseline) { _ in .unknown("nothing is kept, as the configured store is none") }
            return
        }
        guard access.exists else {
            self.init(.baseline) { _ in .unknown("no exporter has stored anything yet in \(access.place)") }
            return
        }
        let read = await withTaskGroup(of: Result<StoredStates, any Error>?.self) { group in
            group.addTask {
                do { return .success(try await reader.states()) } catch { return .failure(error) }
            }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        switch read {
        case .success(let stored): self.init(baselinesOf: benchmarks, in: stored)
        case _ where Task.isCancelled:
            self.init(.baseline) { _ in .unknown("interrupted before the store had answered") }
        case .failure(let error): self.init(.baseline) { _ in .unknown("\(error)") }
        case nil:
            self.init(.baseline) { _ in
                .unknown("the store did not answer within \(Self.patience.components.seconds) s")
            }
        }
    }

    /// The comparison with the baselines of `stored` that were learnt of just these `benchmarks`, and at this time of the day:
    /// `time` is in seconds since 1970.
    init(baselinesOf benchmarks: [BenchmarkDefinition], in stored: StoredStates, at time: Double = WallClock.now) {
        let refused = Set(stored.refused.map(\.subject))
        let known = benchmarks.flatMap { benchmark in
            benchmark.operations.map { operation in
                let state = stored.states[benchmark.name]
                let baseline = state?.operation(operation.identity)?.baseline
                let past: Past =
                    refused.contains(benchmark.name)
                    ? .unknown("its stored state cannot be read")
                    : Past(baseline?[time], of: benchmark.fingerprint(of: operation))
                return (operation.identity, past)
            }
        }
        let pasts = Dictionary(known) { first, _ in first }
        self.init(.baseline) { pasts[$0.identity] ?? .unknown("never run by an exporter") }
    }
}

extension SuiteComparison.Past {
    fileprivate init(_ baseline: BaselineState?, of fingerprint: String) {
        guard let baseline else {
            self = .unknown("never run by an exporter")
            return
        }
        guard baseline.fingerprint == fingerprint else {
            self = .unknown("learnt of another definition")
            return
        }
        guard let level = baseline.levelForOneRun else {
            let learnt = RegressionDetector.finding(of: baseline).learnt
            self = .unknown(learnt < 1 ? "still being learnt" : "still being learnt, as its runs are too restless")
            return
        }
        self = .known(level)
    }
}
