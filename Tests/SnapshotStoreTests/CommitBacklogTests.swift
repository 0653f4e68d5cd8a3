import BenchmarkModel
import Testing

@testable import SnapshotStore

@Suite("Commit backlog")
struct CommitBacklogTests {
    private func run(_ benchmark: String, _ sequence: Int64) -> VersionedRun {
        VersionedRun(version: StateVersion(epoch: 1, sequence: sequence), summary: .sample(benchmark))
    }

    @Test("a batch has the latest state of each benchmark and all runs in their order")
    func batch() {
        var backlog = CommitBacklog()
        backlog.add(.sample("b", sequence: 1), .sample("b"))
        backlog.add(.sample("a", sequence: 1), .sample("a"))
        backlog.add(.sample("b", sequence: 2), .sample("b"))
        #expect(backlog.batch.states == [.sample("a", sequence: 1), .sample("b", sequence: 2)])
        #expect(backlog.batch.runs == [run("b", 1), run("a", 1), run("b", 2)])
    }

    @Test("what came while a batch was written stays")
    func acknowledge() {
        var backlog = CommitBacklog()
        backlog.add(.sample("a", sequence: 1), .sample("a"))
        backlog.add(.sample("b", sequence: 1), .sample("b"))
        let batch = backlog.batch
        backlog.add(.sample("a", sequence: 2), .sample("a"))
        backlog.acknowledge(batch)
        #expect(backlog.batch == CommitBatch(states: [.sample("a", sequence: 2)], runs: [run("a", 2)]))
        backlog.acknowledge(backlog.batch)
        #expect(backlog.batch == CommitBatch())
        #expect(!backlog.hasUnwrittenValues)
    }

    @Test("the oldest of more than 1,000 runs is dropped and counted")
    func limit() {
        var backlog = CommitBacklog()
        for sequence in 1...1_003 { backlog.add(.sample("a", sequence: Int64(sequence)), .sample("a")) }
        #expect(backlog.runCount == 1_000)
        #expect(backlog.droppedRuns == 3)
        #expect(backlog.batch.runs.first == run("a", 4))
        #expect(backlog.batch.states == [.sample("a", sequence: 1_003)])
        backlog.acknowledge(backlog.batch)
        #expect(backlog.droppedRuns == 0)
    }

    @Test("all states wait again after a loss, those restored included, and no run")
    func everythingAgain() {
        var backlog = CommitBacklog()
        backlog.adopt(["a": .sample("a", sequence: 7)])
        #expect(!backlog.hasUnwrittenValues)
        backlog.add(.sample("b", sequence: 1), .sample("b"))
        backlog.acknowledge(backlog.batch)
        backlog.writeEverythingAgain()
        #expect(backlog.batch == CommitBatch(states: [.sample("a", sequence: 7), .sample("b", sequence: 1)]))
    }
}
