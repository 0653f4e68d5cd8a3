import BenchmarkModel
import ExporterTestSupport
import Testing

@testable import AIBenchmarkExporter

@Suite("what the store keeps for the API", .timeLimit(.minutes(1))) struct StoredOrderTests {
    @Test(
        "an override is what was stored, whatever the API takes",
        arguments: [
            ContinuousOverride(), ContinuousOverride(isStopped: true),
            ContinuousOverride(interval: .seconds(1), benchmarks: ["a"]),
            ContinuousOverride(interval: .seconds(100 * 365 * 86_400)),
        ]
    )
    func override(_ override: ContinuousOverride) throws {
        #expect(try ContinuousOverride(document: override.document) == override)
    }

    @Test(
        "what is no override is refused with a reason",
        arguments: [
            (#"{"version":2,"isStopped":true}"#, "its format is version 2"),
            (#"{"version":1,"isStopped":false,"intervalSeconds":0}"#, "an interval of 0.0 s is not from 1s to 100y"),
            (#"{"version":1,"isStopped":false,"benchmarks":[]}"#, "it names no benchmark"),
        ]
    )
    func refusedOverride(text: String, reason: String) {
        let error = #expect(throws: RefusedDocument.self) { try ContinuousOverride(document: Array(text.utf8)) }
        #expect(error?.description == reason)
        #expect(throws: (any Error).self) { try ContinuousOverride(document: Array("{".utf8)) }
    }

    @Test("spending is what was stored, and numbers that nobody can have written are refused")
    func spending() throws {
        var account = TokenSpending(at: 7_200)
        account.add(15, at: 7_200)
        let document = SpendingDocument(["a": account]).document
        #expect(try SpendingDocument(document: document).accounts == ["a": account])
        let text = String(decoding: document, as: UTF8.self)
        let hostile = text.replacing("15", with: "-9223372036854775808")
        let error = #expect(throws: RefusedDocument.self) { try SpendingDocument(document: Array(hostile.utf8)) }
        #expect(error?.description == "a number of the spending of a is not in 0..<2^53")
        let later = text.replacing("\"version\":1", with: "\"version\":2")
        #expect(throws: RefusedDocument.self) { try SpendingDocument(document: Array(later.utf8)) }
    }

    @Test("whoever takes several turns has them all before anyone else's work goes on")
    func turns() async {
        let turns = Turns()
        let (began, release) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let order = AsyncStream<String>.makeStream()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await turns.take(["a", "b"]) {
                    began.continuation.finish()
                    for await _ in release.stream {}
                    order.continuation.yield("both")
                }
            }
            for await _ in began.stream {}
            for name in ["a", "b"] {
                group.addTask { await turns.take(name) { _ = order.continuation.yield("one") } }
            }
            await turns.take("c") { _ = order.continuation.yield("other") }
            release.continuation.finish()
        }
        order.continuation.finish()
        #expect(await order.stream.reduce(into: []) { $0.append($1) } == ["other", "both", "one", "one"])
    }
}
