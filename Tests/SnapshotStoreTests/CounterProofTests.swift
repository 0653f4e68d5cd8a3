import BenchmarkModel
import Testing

@testable import SnapshotStore

@Suite("Counter proof")
struct CounterProofTests {
    private static func mark(_ sequence: Int64, isWritable: Bool = true) -> PublicationMark.Reading {
        let published = ["cache": StateVersion(epoch: 2, sequence: sequence)]
        return .contents(PublicationMark.Contents(generation: 1, published: published), isWritable: isWritable)
    }

    @Test(
        "counters of (2, 10) are restored only where nothing later can have been published",
        arguments: [
            ("behind the mark", mark(11), true, false),
            ("at the mark", mark(10), false, true),
            ("ahead of the mark", mark(9), false, true),
            ("at a mark that may have stood still, acknowledged", mark(10, isWritable: false), true, true),
            ("at a mark that may have stood still, not acknowledged", mark(10, isWritable: false), false, false),
            ("behind a mark that may have stood still", mark(11, isWritable: false), true, false),
            ("no mark, acknowledged", .missing, true, true),
            ("no mark, not acknowledged", .missing, false, false),
            ("no entry, acknowledged", .contents(.init(generation: 1), isWritable: true), true, true),
            ("no entry, not acknowledged", .contents(.init(generation: 1), isWritable: true), false, false),
            (
                "no entry, in an epoch that is void",
                .contents(.init(generation: 1, earliestEpoch: 3), isWritable: true), true, false
            ),
            (
                "no entry, in the earliest epoch", .contents(.init(generation: 1, earliestEpoch: 2), isWritable: true),
                true, true
            ),
            ("damaged mark, acknowledged", .unreadable(reason: ""), true, false),
        ] as [(String, PublicationMark.Reading, Bool, Bool)]
    )
    func table(name: String, mark: PublicationMark.Reading, isAcknowledged: Bool, isProved: Bool) {
        let proof = CounterProof(mark: mark, acknowledged: isAcknowledged ? ["cache"] : [])
        #expect(proof.holds(for: "cache", StateVersion(epoch: 2, sequence: 10)) == isProved)
    }

    @Test("a stored state of an earlier epoch is behind, whatever its sequence")
    func epochs() {
        let proof = CounterProof(mark: Self.mark(1), acknowledged: ["cache"])
        #expect(!proof.holds(for: "cache", StateVersion(epoch: 1, sequence: 500)))
        #expect(proof.holds(for: "cache", StateVersion(epoch: 3, sequence: 0)))
    }
}
