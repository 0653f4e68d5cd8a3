import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import SnapshotStore

@Suite("Stored values")
struct StoredValueTests {
    @Test("any state comes back as it was", arguments: 0..<50)
    func roundTrip(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var state = BenchmarkState.random("a \"quoted\" name", using: &generator)
        if seed.isMultiple(of: 3) {
            var spending = TokenSpending(at: Double(seed) * 1e7)
            spending.add(seed, at: Double(seed) * 1e7)
            state.spending = ["a \"quoted\" target": spending]
        }
        let stored = StoredState(fence: 1_700_000_000_000, server: seed.isMultiple(of: 2) ? "ab12" : nil, state: state)
        let bytes = try StoredValue.encode(stored)
        #expect(StoredValue.decodeState(bytes, of: state.benchmark) == .success(stored))
    }

    @Test("the format of a state and of a run is the one in the golden files")
    func golden() throws {
        var generator = SeededGenerator(seed: 1)
        let state = BenchmarkState.random("model_response", using: &generator)
        let stored = StoredState(fence: 1_700_000_000_000, server: "ab12", state: state)
        let run = StoredRun(
            VersionedRun(version: StateVersion(epoch: 3, sequence: 4), summary: try #require(state.lastRun))
        )
        try expectGolden("snapshots/state-v2.json", stored)
        try expectGolden("snapshots/run-v2.json", run)
        let file = try Data(contentsOf: URL(fileURLWithPath: GoldenFile.fixture("snapshots/state-v2.json")))
        #expect(StoredValue.decodeState(Array(file), of: "model_response") == .success(stored))
    }

    private func expectGolden(_ path: String, _ value: some Encodable) throws {
        let text = String(decoding: try StoredValue.encode(value), as: UTF8.self) + "\n"
        #expect(try GoldenFile(path).difference(to: text) == nil)
    }

    @Test(
        "a value that is none of ours is refused with a reason",
        arguments: [
            ("", "it cannot be read as JSON"),
            ("\u{0}\u{1}", "it cannot be read as JSON"),
            ("null", "it is null"),
            (String(repeating: "[", count: 100_000), "it is nested deeper than 32 levels"),
            (String(repeating: "{\"a\":", count: 100_000), "it is nested deeper than 32 levels"),
            ("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", "version is missing"),
            ("{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", "version is missing"),
            ("{}", "version is missing"),
            ("{\"version\":1}", "its format is version 1, this program reads 2"),
            ("{\"version\":\"1\"}", "version is no Int"),
            ("{\"version\":2,\"fence\":null}", "fence is null"),
            ("{\"version\":2,\"fence\":1,\"state\":[]}", "state is no Dictionary<String, Any>"),
        ]
    )
    func foreign(text: String, reason: String) {
        #expect(StoredValue.decodeState(Array(text.utf8), of: "cache") == .failure(RefusedFormat(reason: reason)))
    }

    @Test(
        "a state that no recorder can have written is refused with a reason",
        arguments: [
            ("\"sequence\":7", "\"sequence\":-1", "sequence -1 is not in 0..<2^53"),
            ("\"sequence\":7", "\"sequence\":7.5", "it cannot be read as JSON"),
            ("\"epoch\":1", "\"epoch\":9007199254740992", "epoch 9007199254740992 is not in 0..<2^53"),
            ("\"good\":7", "\"good\":9007199254740992", "a counter is beyond 2^53"),
            ("\"good\":7", "\"good\":true", "state.operations[0].iterations.good is no UInt64"),
            (
                "\"good\":7", "\"great\":7",
                "state.operations[0].iterations.great is refused: Could not convert key to type IterationResult"
            ),
            ("\"createdAt\":1700000000,\"fail", "\"createdAt\":\"NaN\",\"fail", "time nan is not a time"),
            ("\"fence\":5", "\"fence\":-1", "fence -1 is not in 0..<2^52"),
            ("\"fence\":5", "\"fence\":9007199254740991", "fence 9007199254740991 is not in 0..<2^52"),
            ("\"benchmark\":\"cache\",\"epoch", "\"benchmark\":\"other\",\"epoch", "it is the state of 'other'"),
            ("\"sum\":0}", "\"sum\":\"+Inf\"}", "is refused: the sum is not finite"),
            ("\"le\":[0.0005,", "\"le\":[0.1,", "is refused: bucket boundaries are not strictly increasing"),
            ("\"counts\":[0,", "\"counts\":[", "counts for 23 boundaries"),
            ("\"version\":2}", "\"version\":2", "it cannot be read as JSON"),
        ]
    )
    func impossible(part: String, replacement: String, reason: String) throws {
        let stored = StoredState(fence: 5, server: nil, state: .sample("cache", sequence: 7))
        let text = String(decoding: try StoredValue.encode(stored), as: UTF8.self)
        let changed = text.replacingOccurrences(of: part, with: replacement)
        try #require(changed != text)
        let result = StoredValue.decodeState(Array(changed.utf8), of: "cache")
        guard case .failure(let refusal) = result else {
            Issue.record("\(replacement) was accepted")
            return
        }
        #expect(refusal.reason.contains(reason), "\(refusal.reason)")
    }

    @Test(
        "numbers beyond any type are refused and end nothing",
        arguments: ["1e999", "-1e999", "99999999999999999999999"]
    )
    func hugeNumbers(number: String) throws {
        let stored = StoredState(fence: 5, server: nil, state: .sample("cache", sequence: 7))
        let text = String(decoding: try StoredValue.encode(stored), as: UTF8.self)
        for key in ["\"sequence\":7", "\"good\":7", "\"fence\":5", "\"createdAt\":1700000000"] {
            let name = key.prefix { $0 != ":" }
            let changed = text.replacingOccurrences(of: key, with: "\(name):\(number)")
            try #require(changed != text)
            if case .success(let read) = StoredValue.decodeState(Array(changed.utf8), of: "cache") {
                Issue.record("\(name) \(number) was accepted as \(read)")
            }
        }
    }

    @Test("a value that was cut off anywhere is refused")
    func truncated() throws {
        let bytes = try StoredValue.encode(StoredState(fence: 5, server: nil, state: .sample("cache", sequence: 7)))
        for length in stride(from: 0, to: bytes.count, by: 7) {
            let result = StoredValue.decodeState(Array(bytes[..<length]), of: "cache")
            #expect(result == .failure(RefusedFormat(reason: "it cannot be read as JSON")), "\(length)")
        }
    }

    @Test("a value above the limit is refused before it is parsed")
    func tooLong() {
        let bytes = [UInt8](repeating: UInt8(ascii: " "), count: StoredValue.maximumSize + 1)
        let reason = "it has 4194305 bytes, more than 4194304"
        #expect(StoredValue.decodeState(bytes, of: "cache") == .failure(RefusedFormat(reason: reason)))
    }
}
