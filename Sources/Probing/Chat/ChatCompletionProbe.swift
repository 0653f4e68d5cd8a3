package import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
import NIOHTTP1
import Synchronization

/// Asks a language model in the OpenAI dialect, and measures how its answer came.
package final class ChatCompletionProbe: Probe {
    /// How long after the deadline an answer may still be read: of the 100 ms that an iteration may be late, half.
    private static let readingAllowance = TimeAmount.milliseconds(50)

    private let definition: ChatCompletionDefinition
    private let headers: HTTPHeaders
    /// What is asked of whom, as sentences begin.
    private let subject: String
    private let transport: HTTPTransport
    /// Whether streams are asked for with their usage: until the service has shown that it answers only without.
    private let asksForUsage: Mutex<Bool>

    /// The probe of `definition`; `transport` is that of `target`.
    package init(_ definition: ChatCompletionDefinition, target: HTTPTarget, transport: HTTPTransport) {
        self.definition = definition
        self.transport = transport
        subject = HTTPRequest(method: "POST", target: definition.path).subject(at: target.baseURL)
        asksForUsage = Mutex(definition.stream)
        var headers: HTTPHeaders = [
            "Content-Type": "application/json",
            "Accept": definition.stream ? "text/event-stream" : "application/json",
        ]
        for header in definition.headers { headers.remove(name: header.name) }
        headers.add(contentsOf: definition.headers.map { ($0.name, $0.value.reveal) })
        self.headers = headers
    }

    /// Asks once, or a second time without the usage where the service does not know that option.
    ///
    /// The outcome is then that of the second request alone. Only a 400 that goes away without the option says that it is
    /// not known; no further iteration asks for it then. The tokens of a failure are those that were seen: they cost.
    package func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        let asksForUsage = asksForUsage.withLock { $0 }
        let result = try await exchange(asksForUsage: asksForUsage, deadline: deadline)
        guard asksForUsage, case .success(let answer) = result, answer.status == 400 else {
            return outcome(of: result, deadline: deadline)
        }
        let second = try await exchange(asksForUsage: false, deadline: deadline)
        if case .success(let answer) = second, answer.status == 200 {
            self.asksForUsage.withLock { $0 = false }
        }
        return outcome(of: second, deadline: deadline)
    }

    private func exchange(
        asksForUsage: Bool,
        deadline: NIODeadline
    ) async throws(CancellationError) -> Result<HTTPAnswer, HTTPFailure> {
        let body: [UInt8]
        do {
            body = try ChatCompletionRequest(definition, asksForUsage: asksForUsage).encoded()
        } catch {
            let detail = "\(subject): the request cannot be written as JSON: \(error)"
            return .failure(HTTPFailure(reason: .other, detail: detail, duration: .zero))
        }
        let request = HTTPRequest(method: "POST", target: definition.path, headers: headers, body: body)
        return try await transport.exchange(request, connection: definition.connection, deadline: deadline)
    }

    private func outcome(of result: Result<HTTPAnswer, HTTPFailure>, deadline: NIODeadline) -> IterationOutcome {
        switch result {
        case .success(let answer):
            let reading = read(answer, isWhole: true, deadline: deadline)
            return IterationOutcome(
                duration: answer.timing.duration,
                phases: answer.timing.phases,
                languageModel: LanguageModelMeasurement(of: reading.answer, in: answer.body, timing: answer.timing),
                failure: reading.failure(expecting: definition.contains).map(explained)
            )
        case .failure(let failure):
            var outcome = IterationOutcome(
                duration: failure.duration,
                failure: IterationFailure(failure.reason, failure.detail)
            )
            guard let partial = failure.partial else { return outcome }
            let reading = read(partial, isWhole: false, deadline: deadline)
            outcome.phases = partial.timing.phases
            outcome.languageModel = LanguageModelMeasurement(
                of: reading.answer,
                in: partial.body,
                timing: partial.timing
            )
            // What the answer itself got wrong came before its end did.
            if case .failed(let earlier) = reading.ending { outcome.failure = explained(earlier) }
            return outcome
        }
    }

    private func read(_ answer: HTTPAnswer, isWhole: Bool, deadline: NIODeadline) -> ChatReading {
        guard answer.status == 200 else {
            let body = answer.body.bytes.isEmpty ? "" : ", with the body \(Excerpt(answer.body.bytes))"
            let reason = FailureReason(unexpectedStatus: answer.status)
            return ChatReading(failed: reason, "status \(answer.status) where 200 was expected\(body)")
        }
        guard definition.stream else { return isWhole ? ChatReading(plain: answer.body.bytes) : ChatReading() }
        let contentType = answer.headers.first(name: "Content-Type") ?? ""
        let mediaType = contentType.prefix { $0 != ";" && !$0.isWhitespace }
        guard mediaType.lowercased() == "text/event-stream" else {
            let found = contentType.isEmpty ? "missing" : "\(Excerpt(contentType))"
            return ChatReading(failed: .protocol, "the content type is \(found) where text/event-stream was expected")
        }
        return ChatReading(stream: answer.body.bytes) { .now() - Self.readingAllowance > deadline }
    }

    private func explained(_ failure: IterationFailure) -> IterationFailure {
        IterationFailure(failure.reason, "\(subject): \(failure.detail)")
    }
}
