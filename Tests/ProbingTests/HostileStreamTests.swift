import BenchmarkModel
import ExporterTestSupport
import NIOCore
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("Hostile services: streams of events", .timeLimit(.minutes(1)))
struct HostileStreamTests {
    typealias Behaviour = HostileBehaviour

    @Test(
        "a stream that is not what it should be is a failure with its reason",
        arguments: [
            Behaviour(
                "streams broken JSON",
                .protocol,
                "the stream has a chunk that does not decode: '{\"choices\":['",
                .answer("data: {\"choices\":[\n\n", headers: eventStream)
            ),
            Behaviour(
                "streams text that is not UTF-8",
                .sendBytes(Array((streamHead + #"data: {"choices":[{"delta":{"content":""#).utf8)),
                .sendBytes([0xFF, 0xFE]),
                .send("\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"),
                .close
            ),
            Behaviour(
                "streams a line without end",
                .tooLarge,
                "the stream has an event of more than 1048576 bytes",
                .send(streamHead + "data: "),
                .sendForever(String(repeating: "y", count: 65_536))
            ),
            Behaviour(
                "ends the stream without the mark of its end",
                .truncated,
                "the stream ended without [DONE]; chunks with tokens: 1",
                .answer(token, headers: eventStream)
            ),
            Behaviour(
                "falls silent in the stream",
                .timeout,
                "timed out after \(token.utf8.count) bytes of the body",
                .send(streamHead + token)
            ),
            Behaviour(
                "drips the stream",
                .timeout,
                nil,
                drips: streamHead + token + String(repeating: ":", count: 1000)
            ),
            Behaviour(
                "resets in the stream",
                .truncated,
                "the answer ended after \(token.utf8.count) bytes of the body: Connection reset by peer",
                .send(streamHead + token),
                .pause(.milliseconds(300)),
                .reset
            ),
            Behaviour(
                "compresses the stream",
                .protocol,
                "the body has the content coding 'gzip', which is not undone",
                .answer(.gzip, headers: eventStream + ["Content-Encoding: gzip"])
            ),
        ]
    )
    func stream(_ behaviour: Behaviour) async throws {
        let service = try await ScriptedService.start([.awaitRequest] + behaviour.steps)
        let probe = LanguageModelDefinition.small.probe(of: service)
        try await behaviour.expectFailure(of: probe, "POST http://127.0.0.1:\(service.port)/v1/chat/completions")
    }

    @Test(
        "a stream without end is cut at the deadline or where it is too large, and its tokens were seen",
        arguments: [
            token, ": waiting\n\n", String(repeating: ":\n\n", count: 1000),
            String(repeating: "data: {\"choices\":[]}\n\n", count: 1000),
        ]
    )
    func endlessStream(_ event: String) async throws {
        let service = try await ScriptedService.start([.awaitRequest, .send(streamHead + token), .sendForever(event)])
        let probe = LanguageModelDefinition.small.probe(of: service)
        let outcome = try await withNearDeadline { time in
            try await probe.execute(deadline: .now() + time)
        } hasBegun: {
            $0.languageModel?.timeToFirstToken != nil
        }
        let reason = try #require(outcome.failure?.reason)
        #expect([.timeout, .tooLarge].contains(reason))
        #expect(outcome.languageModel?.timeToFirstToken != nil)
        #expect((outcome.languageModel?.tokens.first?.count ?? 0) >= 1)
    }
}

private let eventStream = ["Content-Type: text/event-stream"]
private let streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
private let token = #"data: {"choices":[{"delta":{"content":"y"}}]}"# + "\n\n"
