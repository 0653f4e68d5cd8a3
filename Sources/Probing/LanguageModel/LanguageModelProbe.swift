package import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
import NIOHTTP1

/// Asks a language model in one of the dialects, and measures how its answer came.
package struct LanguageModelProbe: AnsweringProbe {
    /// How long after the deadline an answer may still be read: of the 100 ms that an iteration may be late, half.
    private static let readingAllowance = TimeAmount.milliseconds(50)

    private let definition: LanguageModelDefinition
    private let headers: HTTPHeaders
    /// What is asked of whom, as sentences begin.
    private let subject: String
    private let transport: HTTPTransport
    private let usageOption: UsageOption

    /// The probe of `definition`; `transport` is that of `target`.
    package init(_ definition: LanguageModelDefinition, target: HTTPTarget, transport: HTTPTransport) {
        self.init(definition, target: target, transport: transport, usageOption: UsageOption())
    }

    /// A probe that shares with others what was learned about the service.
    init(
        _ definition: LanguageModelDefinition,
        target: HTTPTarget,
        transport: HTTPTransport,
        usageOption: UsageOption
    ) {
        self.definition = definition
        self.transport = transport
        subject = HTTPRequest(method: "POST", target: definition.path).subject(at: target.baseURL)
        self.usageOption = usageOption
        headers = Self.headers(of: definition, target: target)
    }

    private static func headers(of definition: LanguageModelDefinition, target: HTTPTarget) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Content-Type": "application/json",
            "Accept": definition.stream ? "text/event-stream" : "application/json",
        ]
        if definition.dialect == .messages {
            // The only version since 2023; a target that says another means it.
            let version = "anthropic-version"
            if !target.headers.contains(where: { $0.name.lowercased() == version }) {
                headers.add(name: version, value: "2023-06-01")
            }
        }
        for header in definition.headers { headers.remove(name: header.name) }
        headers.add(contentsOf: definition.headers.map { ($0.name, $0.value.reveal) })
        return headers
    }

    /// Asks once, or a second time without the usage where the service does not know that option.
    ///
    /// The outcome is then that of the second request alone. Only a 400 that goes away without the option says that it is
    /// not known; no further iteration asks for it then. The tokens of a failure are those that were seen: they cost.
    package func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        try await ask(deadline: deadline).outcome
    }

    func ask(
        deadline: NIODeadline
    ) async throws(CancellationError) -> (outcome: IterationOutcome, answer: ProbeAnswer?) {
        let asksForUsage = definition.stream && definition.dialect.hasUsageOption && usageOption.isKnown
        let result = try await exchange(asksForUsage: asksForUsage, deadline: deadline)
        guard asksForUsage, case .success(let answer) = result, answer.status == 400 else {
            return outcome(of: result, deadline: deadline)
        }
        let second = try await exchange(asksForUsage: false, deadline: deadline)
        if case .success(let answer) = second, answer.status == 200 {
            usageOption.refuse()
        }
        return outcome(of: second, deadline: deadline)
    }

    private func exchange(
        asksForUsage: Bool,
        deadline: NIODeadline
    ) async throws(CancellationError) -> Result<HTTPAnswer, HTTPFailure> {
        let body: [UInt8]
        do {
            body = try LanguageModelRequest(definition, asksForUsage: asksForUsage).encoded()
        } catch {
            let detail = "\(subject): the request cannot be written as JSON: \(error)"
            return .failure(HTTPFailure(reason: .other, detail: detail, duration: .zero))
        }
        let request = HTTPRequest(method: "POST", target: definition.path, headers: headers, body: body)
        return try await transport.exchange(request, connection: definition.connection, deadline: deadline)
    }

    private func outcome(
        of result: Result<HTTPAnswer, HTTPFailure>,
        deadline: NIODeadline
    ) -> (outcome: IterationOutcome, answer: ProbeAnswer?) {
        switch result {
        case .success(let answer):
            let reading = read(answer, isWhole: true, deadline: deadline)
            let outcome = IterationOutcome(
                duration: answer.timing.duration,
                phases: answer.timing.phases,
                languageModel: measurement(of: reading.answer, in: answer),
                failure: flaw(of: reading, in: answer, deadline: deadline).map(explained),
                endedAt: answer.timing.completedAt.uptime
            )
            let said = Array(reading.answer.text.utf8)
            let document = definition.stream ? nil : answer.body.bytes
            return (outcome, ProbeAnswer(headers: answer.headers, text: said, document: document))
        case .failure(let failure):
            var outcome = IterationOutcome(
                duration: failure.duration,
                failure: IterationFailure(failure.reason, failure.detail),
                endedAt: NIODeadline.now().uptime
            )
            guard let partial = failure.partial else { return (outcome, nil) }
            let reading = read(partial, isWhole: false, deadline: deadline)
            outcome.phases = partial.timing.phases
            outcome.languageModel = measurement(of: reading.answer, in: partial)
            // What the answer itself got wrong came before its end did.
            if case .failed(let earlier) = reading.ending { outcome.failure = explained(earlier) }
            return (outcome, nil)
        }
    }

    /// What the answer took; a model that said something has read the prompt, whether or not the service counted it.
    private func measurement(of reading: ModelAnswer, in answer: HTTPAnswer) -> LanguageModelMeasurement {
        var measurement = LanguageModelMeasurement(of: reading, in: answer.body, timing: answer.timing)
        if reading.saysSomething, reading.usage.input == nil {
            let prompt = definition.prompt.utf8.count + (definition.system?.utf8.count ?? 0)
            measurement.tokens.append(
                TokenCount(kind: .input, source: .estimated, count: TokenUsage.estimate(ofBytes: prompt))
            )
        }
        return measurement
    }

    private func read(_ answer: HTTPAnswer, isWhole: Bool, deadline: NIODeadline) -> ModelReading {
        guard answer.status == 200 else {
            let body = answer.body.bytes.isEmpty ? "" : ", with the body \(Excerpt(answer.body.bytes))"
            let reason = FailureReason(unexpectedStatus: answer.status)
            return ModelReading(
                definition.dialect,
                failed: reason,
                "status \(answer.status) where 200 was expected\(body)"
            )
        }
        if let failure = answer.codingFailure {
            return ModelReading(definition.dialect, failed: failure.reason, failure.detail)
        }
        guard definition.stream else {
            return isWhole
                ? ModelReading(definition.dialect, plain: answer.body.bytes) : ModelReading(definition.dialect)
        }
        let contentType = answer.headers.first(name: "Content-Type") ?? ""
        let mediaType = contentType.prefix { $0 != ";" && !$0.isWhitespace }
        guard mediaType.lowercased() == "text/event-stream" else {
            let found = contentType.isEmpty ? "missing" : "\(Excerpt(contentType))"
            let detail = "the content type is \(found) where text/event-stream was expected"
            return ModelReading(definition.dialect, failed: .protocol, detail)
        }
        return ModelReading(definition.dialect, stream: answer.body.bytes) { .now() - Self.readingAllowance > deadline }
    }

    private func flaw(of reading: ModelReading, in answer: HTTPAnswer, deadline: NIODeadline) -> IterationFailure? {
        reading.failure(expecting: definition.expect, deadline: deadline)
            ?? definition.minimumCachedTokens.flatMap { reading.answer.flaw(expectingCachedTokens: $0) }
            ?? HTTPExpectationCheck.jsonFailure(of: answer.body.bytes, expecting: definition.json, deadline: deadline)
    }

    private func explained(_ failure: IterationFailure) -> IterationFailure {
        IterationFailure(failure.reason, "\(subject): \(failure.detail)")
    }
}
