package import BenchmarkModel
package import Logging
import ServiceLifecycle
import Synchronization

// COMMIT, THEN PUBLISH
//
// `commit` writes nothing itself: a store or a disk may stand still for any time, and the caller must not. It leaves the
// state in the backlog, wakes `run()`, and waits for a ticket that is settled as durable, as failed, or at its deadline.
// `run()` has four children: one writes what is in the backlog, all of it as one transaction; one writes the publication
// mark; one settles tickets whose deadline has come; one asks the store every few seconds whether it is there, which also
// brings in what could not be written. The deadlines belong to `run()` and not to the callers, so that a run which
// shutdown has cancelled is committed and marked like any other.
//
// Restore precedes the first write. A store that does not answer at the start is claimed and read later, before anything
// is written; the counters that it has by then are replaced by what was counted meanwhile, never added to it. What is no
// counter is not lost: baselines, the last run and documents are kept where there are none of their own yet, and handed to
// whoever exposes them through `lateSnapshots`.

/// Whether a run is stored.
package enum CommitResult: Hashable, Sendable {
    case durable
    /// It may be published all the same; the next commit carries it.
    case undurable
}

/// What may be exposed after a start.
package struct RestoredState: Hashable, Sendable {
    /// By the name of the benchmark: states that may be exposed as they are.
    package var states: [String: BenchmarkState]
    /// States whose counters must begin at zero; what is no counter, such as the last run and the phase of the
    /// schedule, is still good.
    package var unproved: [String: BenchmarkState]
    /// The epoch of all counters that begin at zero: greater than any that was seen.
    package var epoch: Int64
    /// By name; nothing is known of what is in them.
    package var documents: [String: [UInt8]] = [:]
}

/// The way from a finished run to its publication.
package actor SnapshotWriter<WriterClock: Clock>: Service where WriterClock.Duration == Duration {
    let store: any SnapshotStore
    let mark: PublicationMark?
    let clock: WriterClock
    let logger: Logger
    private let marksEveryCommit: Bool
    private let commitTimeout: Duration
    private let now: @Sendable () -> Double
    private let board = Mutex(StoreStatus())
    /// What the store had that did not answer at the start, once it has; ends with `run()`.
    package nonisolated let lateSnapshots: AsyncStream<StoredSnapshot>
    let lateSnapshotRead: AsyncStream<StoredSnapshot>.Continuation

    let storeWork = Signal()
    let markWork = Signal()
    let ticketWork = Signal()

    var backlog = CommitBacklog()
    var tickets = TicketBoard<WriterClock.Instant>()
    /// `nil` until the store has been claimed and read.
    var session: StoreSession?
    var hasEnded = false
    /// What the mark has to say by now, whether it is written or not.
    var marked: PublicationMark.Contents
    /// Whether a newer process writes the mark.
    var isSuperseded = false
    var storeWorks: Bool?
    var markWorks: Bool?
    private var markReading: PublicationMark.Reading

    /// A writer to `store`, of which there is one in a process.
    ///
    /// With `marksEveryCommit` the mark is written before every publication, as it must be where an acknowledgement is
    /// not yet durability; without, only before that of a run that is not stored. `now` is in seconds since 1970.
    package init(
        store: any SnapshotStore,
        mark: PublicationMark?,
        marksEveryCommit: Bool,
        commitTimeout: Duration,
        clock: WriterClock,
        now: @escaping @Sendable () -> Double,
        logger: Logger
    ) {
        self.store = store
        self.mark = mark
        self.marksEveryCommit = marksEveryCommit
        self.commitTimeout = commitTimeout
        self.clock = clock
        self.now = now
        self.logger = logger
        (lateSnapshots, lateSnapshotRead) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        marked = PublicationMark.Contents(generation: milliseconds(now()))
        markReading = mark == nil ? .missing : .unreadable(reason: "the disk did not answer")
    }

    /// How the store is doing; may be read at any time from anywhere.
    package nonisolated var status: StoreStatus {
        board.withLock(\.self)
    }

    // MARK: Restore

    /// Claims and reads the store, and decides which counters may be exposed as they are.
    ///
    /// To be called once, before `run()`. A store that does not answer within `patience` has nothing to restore; it is
    /// claimed when it comes back, and what it had then is the one element of `lateSnapshots`. In a task that is cancelled it returns at once and has decided nothing: nothing may be
    /// exposed then.
    package func restore(patience: Duration) async -> RestoredState {
        let clock = clock
        let snapshot = await withTaskGroup(of: StoredSnapshot?.self) { group in
            group.addTask { await self.readUntilAnswered() }
            group.addTask {
                try? await clock.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        if snapshot == nil {
            if Task.isCancelled { return RestoredState(states: [:], unproved: [:], epoch: milliseconds(now())) }
            logger.warning("store does not answer: all counters begin at zero", metadata: ["waited": "\(patience)"])
        }
        let proof = CounterProof(mark: markReading, acknowledged: snapshot?.acknowledged ?? [])
        let states = snapshot?.states ?? [:]
        let proved = states.filter { proof.holds(for: $0.key, $0.value.version) }
        let unproved = states.filter { proved[$0.key] == nil }
        if !unproved.isEmpty {
            logger.warning(
                "stored counters may be behind what was published: they begin at zero",
                metadata: ["benchmarks": "\(unproved.keys.sorted())"]
            )
        }
        backlog.adopt(proved)
        backlog.adopt(documents: snapshot?.documents ?? [:])
        let seen = states.values.map(\.epoch) + marked.published.values.map(\.epoch) + [marked.earliestEpoch]
        let epoch = max(milliseconds(now()), (seen.max() ?? 0) + 1)
        // Zeros are a publication too: what is void now must not be restored next time, also where the store has lost it
        // and may find it again.
        if snapshot == nil { marked.earliestEpoch = epoch }
        let void = Set(unproved.keys).union(marked.published.keys).subtracting(proved.keys)
        for benchmark in void { marked.published[benchmark] = StateVersion(epoch: epoch, sequence: 0) }
        if snapshot == nil || !void.isEmpty { await withinCommitTimeout { await self.writeMark() } }
        return RestoredState(
            states: proved,
            unproved: unproved,
            epoch: epoch,
            documents: snapshot?.documents ?? [:]
        )
    }

    private func readUntilAnswered() async -> StoredSnapshot? {
        await readMark()
        while !Task.isCancelled {
            if let snapshot = await claim() { return snapshot }
            try? await clock.sleep(for: .milliseconds(250))
        }
        return nil
    }

    private func withinCommitTimeout(_ work: @escaping @Sendable () async -> some Sendable) async {
        let (clock, timeout) = (clock, commitTimeout)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await work() }
            group.addTask { try? await clock.sleep(for: timeout) }
            await group.next()
            group.cancelAll()
        }
    }

    private func readMark() async {
        guard let mark else { return }
        markReading = await mark.read(time: milliseconds(now()) / 1_000)
        switch markReading {
        case .missing: break
        case .contents(let contents, _):
            marked = contents
            marked.generation = max(contents.generation + 1, milliseconds(now()))
        case .unreadable(let reason):
            logger.warning("publication mark is refused", metadata: ["path": "\(mark.path)", "reason": "\(reason)"])
        }
    }

    /// Claims and reads the store; `nil` where it did not answer.
    func claim() async -> StoredSnapshot? {
        do throws(StoreError) {
            let snapshot = try await store.restore()
            session = snapshot.session
            succeeded(.restore)
            for value in snapshot.refused {
                let metadata: Logger.Metadata = ["value": "\(value.subject)", "reason": "\(value.reason)"]
                logger.warning("stored value is refused and set aside", metadata: metadata)
            }
            return snapshot
        } catch {
            failed(error)
            return nil
        }
    }

    // MARK: Commit

    /// Stores a state and the run that led to it, if one did, and returns when both may be published.
    ///
    /// It returns when the state is durable or could not be written, at the latest after the commit timeout; where a mark
    /// is due, when that is on the disk, at the latest after the same time again. It goes on waiting in a task that was
    /// cancelled, and needs `run()` to be running.
    @discardableResult
    package func commit(_ state: BenchmarkState, _ run: RunSummary?) async -> CommitResult {
        guard isWriting else { return .undurable }
        backlog.add(state, run)
        if backlog.droppedRuns == 1 {
            logger.warning(
                "history misses runs: too many wait for the store",
                metadata: ["limit": "\(CommitBacklog.runLimit)"]
            )
        }
        storeWork.raise()
        let isDurable = await reaches(.durable, state.benchmark, state.version)
        if mark != nil, isWriting, !isSuperseded, marksEveryCommit || !isDurable {
            marked.published[state.benchmark] = state.version
            markWork.raise()
            _ = await reaches(.marked, state.benchmark, state.version)
        }
        return isDurable ? .durable : .undurable
    }

    /// Stores `document`, in the place of the last one of that name, when the store takes it; waits for nothing.
    ///
    /// It is JSON with the version of its format in it; one that is too large to be read again is not stored.
    package func commit(document: [UInt8], named name: String) {
        _ = add(document, name)
    }

    /// The same, and returns when the document is stored or could not be written, at the latest after the commit timeout.
    ///
    /// It goes on waiting in a task that was cancelled, and needs `run()` to be running.
    package func commitAndWait(document: [UInt8], named name: String) async -> CommitResult {
        guard let version = add(document, name) else { return .undurable }
        return await reaches(.stored, name, version) ? .durable : .undurable
    }

    /// The version of the document; `nil` where it is not to be stored.
    private func add(_ document: [UInt8], _ name: String) -> StateVersion? {
        guard isWriting else { return nil }
        guard document.count <= StoredValue.maximumSize else {
            logger.warning(
                "document is too large to be stored",
                metadata: ["name": "\(name)", "bytes": "\(document.count)"]
            )
            return nil
        }
        defer { storeWork.raise() }
        return backlog.add(document: document, named: name)
    }

    private var isWriting: Bool {
        !hasEnded && !status.isFenced
    }

    /// The latest state of a benchmark that was restored or committed; where one goes on that a reload brings back.
    package func state(of benchmark: String) -> BenchmarkState? {
        backlog.latest[benchmark]
    }

    private func reaches(
        _ goal: TicketBoard<WriterClock.Instant>.Goal,
        _ subject: String,
        _ version: StateVersion
    ) async -> Bool {
        await withCheckedContinuation { continuation in
            tickets.add(
                TicketBoard.Ticket(
                    goal: goal,
                    subject: subject,
                    version: version,
                    deadline: clock.now.advanced(by: commitTimeout),
                    continuation: continuation
                )
            )
            ticketWork.raise()
        }
    }

    // MARK: Mark

    /// Whether the mark on the disk says what it has to.
    func writeMark() async -> Bool {
        guard let mark, !isSuperseded, !status.isFenced else { return false }
        switch await mark.write(marked) {
        case .written:
            if markWorks == false { logger.info("publication mark is written again") }
            markWorks = true
            return true
        case .failed(let reason):
            markFails(reason)
            return false
        case .superseded:
            isSuperseded = true
            let metadata: Logger.Metadata = ["path": "\(mark.path)"]
            logger.error("another process of this instance writes the publication mark", metadata: metadata)
            return false
        }
    }

    /// Says once that runs are published without a mark.
    func markFails(_ reason: String) {
        if markWorks != false {
            logger.warning(
                "publication mark cannot be written: counters may begin at zero next time",
                metadata: ["path": "\(mark?.path ?? "")", "reason": "\(reason)"]
            )
        }
        markWorks = false
    }

    // MARK: Status

    func succeeded(_ operation: StoreOperation, storing: Bool = false) {
        if storeWorks == false { logger.info("store is back") }
        storeWorks = true
        let time = now()
        updateStatus { status in
            status.operations[operation]?[.success]? += 1
            if storing { status.lastSuccessAt = time }
        }
    }

    func failed(_ error: StoreError) {
        let outcome: StoreOutcome =
            switch error.code {
            case .failed: .failure
            case .timedOut: .timeout
            case .fenced: .fenced
            }
        updateStatus { $0.operations[error.operation]?[outcome]? += 1 }
        switch error.code {
        case .failed, .timedOut: isDown("\(error)")
        case .fenced:
            tickets.abandonAll()
            updateStatus { $0.isFenced = true }
            logger.error(
                "another process of this instance has taken over the store: this one stores nothing from now on",
                metadata: ["reason": "\(error)"]
            )
        }
    }

    /// Says once that runs are not stored.
    func isDown(_ reason: String) {
        if storeWorks != false {
            logger.warning("store is down: runs are published without being stored", metadata: ["reason": "\(reason)"])
        }
        storeWorks = false
        updateStatus()
    }

    /// Brings the status up to date, after `change`.
    func updateStatus(_ change: (inout StoreStatus) -> Void = { _ in }) {
        // Whoever waits for durability has not published its run yet.
        let undurable = max(0, backlog.runCount + backlog.droppedRuns - tickets.count(.durable))
        board.withLock { status in
            change(&status)
            status.isUp = storeWorks ?? false
            status.undurableRuns = undurable
        }
    }
}

/// Milliseconds since 1970 of a time in seconds, within 0..<2^53.
func milliseconds(_ seconds: Double) -> Int64 {
    Int64(max(0, min(seconds * 1_000, 9e15)))
}
