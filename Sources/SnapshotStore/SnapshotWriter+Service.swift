import Logging
import ServiceLifecycle

extension SnapshotWriter {
    /// How often the store is asked whether it is there; that also brings in what could not be written.
    private static var heartbeat: Duration { .seconds(5) }
    /// How long shutdown waits for a store that does not answer.
    private static var shutdownPatience: Duration { .seconds(3) }

    /// Writes until the graceful shutdown, then all that still waits, and closes the store.
    ///
    /// It returns at most 3 s after the shutdown began, also when the store does not answer.
    package func run() async throws {
        let storeWork = storeWork
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.writeStates() }
                group.addTask { await self.limitShutdown() }
                group.addTask { await self.writeMarks() }
                group.addTask { await self.expireTickets() }
                group.addTask { await self.keepAsking() }
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            storeWork.finish()
        }
        end()
    }

    /// Ends when everything is written after the shutdown began, or was given up.
    private func writeStates() async {
        for await _ in storeWork.events {
            while await write(), backlog.hasUnwrittenValues {}
        }
        while !Task.isCancelled, backlog.hasUnwrittenValues, await write() {}
        end()
        await store.close()
    }

    /// One transaction with everything that waits; whether it succeeded.
    private func write() async -> Bool {
        guard !status.isFenced else { return false }
        guard await isClaimed() else {
            settle(backlog.batch, reached: false)
            updateStatus()
            return false
        }
        let batch = backlog.batch
        do throws(StoreError) {
            let session = try await store.commit(batch)
            backlog.acknowledge(batch)
            if session != self.session { backlog.writeEverythingAgain() }
            self.session = session
            settle(batch, reached: true)
            succeeded(.commit, storing: !batch.states.isEmpty)
            // A mark that could not be written proves nothing; now that all is stored it may prove something again.
            if markWorks == false { markWork.raise() }
            return true
        } catch {
            settle(batch, reached: false)
            failed(error)
            return false
        }
    }

    private func settle(_ batch: CommitBatch, reached: Bool) {
        tickets.settle(.durable, batch.versions, reached: reached)
        tickets.settle(.stored, batch.documentVersions, reached: reached)
    }

    /// Whether the store is ours; one that did not answer at the start is claimed before the first write.
    private func isClaimed() async -> Bool {
        if session != nil { return true }
        guard let snapshot = await claim() else { return false }
        backlog.inherit(from: snapshot.states)
        backlog.adopt(documents: snapshot.documents)
        backlog.writeEverythingAgain()
        lateSnapshotRead.yield(snapshot)
        return true
    }

    private func writeMarks() async {
        for await _ in markWork.events {
            let published = marked.published
            let isWritten = await writeMark()
            tickets.settle(.marked, published, reached: isWritten)
        }
    }

    private func expireTickets() async {
        for await _ in ticketWork.events {
            while let deadline = tickets.nextDeadline {
                guard (try? await clock.sleep(until: deadline, tolerance: nil)) != nil else { return }
                let missed = tickets.expire(at: clock.now)
                if !missed.isDisjoint(with: [.durable, .stored]) { isDown("no answer within the commit timeout") }
                if missed.contains(.marked) { markFails("no answer within the commit timeout") }
            }
        }
    }

    private func keepAsking() async {
        while (try? await clock.sleep(for: Self.heartbeat)) != nil { storeWork.raise() }
    }

    private func limitShutdown() async {
        do {
            try await gracefulShutdown()
            try await clock.sleep(for: Self.shutdownPatience)
            logger.warning("store does not answer at the end", metadata: ["undurable_runs": "\(status.undurableRuns)"])
        } catch {
            // Cancelled: nothing is left to wait for.
        }
    }

    private func end() {
        hasEnded = true
        lateSnapshotRead.finish()
        tickets.abandonAll()
        updateStatus()
    }
}
