import Analysis
import BenchmarkModel
import Recording
import SnapshotStore

/// Changes baselines in a store that no exporter is using.
///
/// An exporter has all its states in memory: what is changed behind its back it overwrites with the next run, and claiming
/// the store would put it out. So one that is alive is a reason to refuse.
struct BaselineStoreEdit {
    let access: StoreAccess
    /// For messages.
    let command: String

    /// Applies `change` to the benchmarks of these names, or to all; returns what has become of their baselines.
    func apply(_ change: BaselineChange, to names: [String]) async throws -> [ChangedBaseline] {
        guard let store = access.makeStore() else { throw StoreAccess.nothingKept }
        // Looking comes first: where there is no store, none is made.
        let reader = access.makeReader()
        do {
            _ = try await reader?.states().states.selecting(names, of: access, for: command)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(command, error)
        }
        let lock = try await claim()
        defer { withExtendedLifetime(lock) {} }
        do {
            let snapshot = try await store.restore()
            let states = try snapshot.states.selecting(names, of: access, for: command)
            let changed = states.map { $0.applying(change) }
            _ = try await store.commit(CommitBatch(states: changed))
            await store.close()
            return zip(states, changed).flatMap { $1.changedBaselines(from: $0.baselines) }
        } catch {
            await store.close()
            throw (error as? CommandFailure) ?? CommandFailure(command, error)
        }
    }

    /// Makes sure that no exporter is using the store, and keeps those of this machine from beginning to.
    private func claim() async throws -> StoreLock? {
        if let path = access.lockPath {
            do throws(StoreError) {
                if let lock = try StoreLock.exclusive(path) { return lock }
            } catch {
                throw CommandFailure(command, error)
            }
            throw inUse
        }
        Console.error("\(command): looking for 8 s whether an exporter is using the store …")
        let isOwned: Bool
        do {
            isOwned = try await access.isOwnedElsewhere()
        } catch {
            throw CommandFailure(command, error)
        }
        if isOwned { throw inUse }
        return nil
    }

    private var inUse: CommandFailure {
        CommandFailure(
            message: "\(command): an exporter is using the store; ask it with --via http://HOST:PORT, or stop it first",
            status: .failure
        )
    }
}

extension BenchmarkState {
    fileprivate var baselines: [BenchmarkIdentity: DailyBaseline] {
        let known = operations.compactMap { operation in operation.baseline.map { (operation.identity, $0) } }
        return Dictionary(known) { first, _ in first }
    }

    fileprivate func applying(_ change: BaselineChange) -> Self {
        var state = self
        for operation in operations {
            guard let baseline = operation.baseline else { continue }
            state.replaceBaseline(
                of: operation.identity,
                with: change.applied(to: baseline),
                RegressionDetector.finding
            )
        }
        return state
    }
}
