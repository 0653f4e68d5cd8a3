import SnapshotStore
import Testing

@testable import AIBenchmarkExporter

@Suite("refusals in the audit trail") struct RefusalFoldTests {
    private static func entry(
        _ time: Double,
        token: String? = nil,
        address: String = "192.0.2.1",
        status: Int = 401
    ) -> AuditEntry {
        AuditEntry(
            time: time,
            token: token,
            address: address,
            method: "POST",
            path: "/run",
            parameters: "",
            status: status
        )
    }

    @Test("the first of a kind is kept, what follows within a minute is counted, and kept as one when it is over")
    func folded() {
        var fold = RefusalFold()
        let first = Self.entry(0)
        #expect(fold.take(first) == [first])
        for time in 1..<60 { #expect(fold.take(Self.entry(Double(time))).isEmpty) }
        var summary = Self.entry(60)
        summary.parameters = "repeated=59 last_at=1970-01-01T00:00:59.000Z"
        #expect(fold.take(Self.entry(60)) == [summary, Self.entry(60)])
        #expect(fold.drain(at: 61).isEmpty)
        // A clock that was set back begins anew.
        #expect(fold.take(Self.entry(60)) == [Self.entry(60)])
        #expect(fold.take(Self.entry(5)) == [Self.entry(5)])
    }

    @Test("who reads in between is told the count once, and the minute goes on: nobody makes more entries by reading")
    func read() {
        var fold = RefusalFold()
        var kept: [AuditEntry] = []
        for time in 0..<5 { kept += fold.take(Self.entry(Double(time))) + fold.tell(at: Double(time) + 0.5) }
        #expect(kept.map(\.parameters) == ["", "repeated=1 last_at=1970-01-01T00:00:01.000Z"])
        #expect(kept.map(\.time) == [0, 1.5])
        #expect(fold.tell(at: 59).isEmpty)
        #expect(fold.tell(at: 60).map(\.parameters) == ["repeated=3 last_at=1970-01-01T00:00:04.000Z"])
        #expect(fold.drain(at: 61).isEmpty)
        _ = (70..<73).map { fold.take(Self.entry(Double($0))) }
        #expect(fold.tell(at: 73).map(\.parameters) == ["repeated=2 last_at=1970-01-01T00:01:12.000Z"])
        #expect(fold.take(Self.entry(74)).isEmpty)
        #expect(fold.drain(at: 75).map(\.parameters) == ["repeated=1 last_at=1970-01-01T00:01:14.000Z"])
    }

    @Test(
        "what was done, and what a known client was refused, is kept each time",
        arguments: [(200, nil), (202, "ci"), (403, "ci"), (422, "ci")] as [(Int, String?)]
    )
    func kept(status: Int, token: String?) {
        var fold = RefusalFold()
        for time in 0..<9 {
            let entry = Self.entry(Double(time), token: token, status: status)
            #expect(fold.take(entry) == [entry])
        }
        #expect(fold.drain(at: 9).isEmpty)
    }

    @Test("a client that calls too often is folded, whoever it is, apart from others")
    func tooOften() {
        var fold = RefusalFold()
        let kept = (0..<9).flatMap { time in
            [nil, "a", "b"].flatMap { fold.take(Self.entry(Double(time), token: $0, status: 429)) }
        }
        #expect(kept.map(\.token) == [nil, "a", "b"])
        #expect(
            fold.drain(at: 9).map(\.parameters)
                == Array(repeating: "repeated=8 last_at=1970-01-01T00:00:08.000Z", count: 3)
        )
    }

    @Test("of more kinds than are told apart there is one entry more for each status, and its count")
    func manyKinds() {
        var fold = RefusalFold()
        let kept = (0..<1_000).flatMap { number in
            fold.take(Self.entry(1, address: "2001:db8::\(number)", status: number % 2 == 0 ? 401 : 429))
        }
        #expect(kept.count == RefusalFold.capacity + 2)
        #expect(kept.suffix(2).map(\.address) == ["various", "various"])
        let counted = fold.drain(at: 2)
        #expect(counted.map(\.status) == [401, 429])
        #expect(counted.allSatisfy { $0.parameters == "repeated=467 last_at=1970-01-01T00:00:01.000Z" })
    }
}
