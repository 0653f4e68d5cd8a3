import BenchmarkModel
import NIOCore

// How times and tokens are computed from an answer (DESIGN: definitions).
//
// A token is there when the last byte of its chunk's event has arrived, at the instant that the event loop read from the
// clock. Chunks that came with one read have a gap of zero between them: that is how the user got them.
//
// How many tokens are in a chunk, no service says. The output tokens of the usage are taken to be spread evenly, so that
// every chunk stands for round(tokens / chunks), at least 1. Rounded, as services count an end-of-text token that no chunk
// shows; one token a chunk stays one. Reasoning that the service counts but does not show is not in any chunk: it is
// left out of the spread, and of the time per output token.

extension LanguageModelMeasurement {
    /// What `answer`, read from `body`, took; of a plain answer only the first byte and the tokens are known.
    init(of answer: ModelAnswer, in body: TimedBody, timing: HTTPTiming) {
        let arrivals = answer.tokenOffsets.map(body.arrival(ofByteAt:))
        self.init(
            timeToFirstByte: timing.firstByteAt.duration(since: timing.startedAt),
            timeToFirstToken: arrivals.first?.duration(since: timing.startedAt),
            timeToFirstVisibleToken: answer.firstVisibleOffset.map {
                body.arrival(ofByteAt: $0).duration(since: timing.startedAt)
            },
            tokens: answer.tokenCounts
        )
        guard arrivals.count > 1, let first = arrivals.first, let last = arrivals.last else { return }
        let shown = answer.shownTokens
        let tokensInChunk = max(1, (shown + arrivals.count / 2) / arrivals.count)
        interTokenTimes = zip(arrivals, arrivals.dropFirst()).map { earlier, later in
            InterTokenTime(time: later.duration(since: earlier) / tokensInChunk, tokens: tokensInChunk)
        }
        if shown > 1 { timePerOutputToken = last.duration(since: first) / (shown - 1) }
    }
}

extension ModelAnswer {
    /// Whether there is anything that must have cost tokens.
    var saysSomething: Bool { estimatedOutput != nil || dimensions != nil }

    /// What the answer cost: by the service's own count, and the output by an estimate where that has none.
    ///
    /// A service that counts no output, and yet sent some, has not counted.
    var tokenCounts: [TokenCount] {
        let counted: [(TokenKind, Int?)] = [
            (.input, usage.input), (.output, countedOutput), (.reasoning, usage.reasoning), (.cached, usage.cached),
        ]
        var counts = counted.compactMap { kind, count in
            count.map { TokenCount(kind: kind, source: .usage, count: $0) }
        }
        if countedOutput == nil, let estimatedOutput {
            counts.append(TokenCount(kind: .output, source: .estimated, count: estimatedOutput))
        }
        return counts
    }

    /// The tokens that the chunks of the stream carry.
    fileprivate var shownTokens: Int {
        guard let countedOutput else { return tokenOffsets.count }
        let hidden = hasReasoning ? 0 : usage.reasoning ?? 0
        return countedOutput > hidden ? countedOutput - hidden : tokenOffsets.count
    }

    private var countedOutput: Int? {
        usage.output == 0 && estimatedOutput != nil ? nil : usage.output
    }

    /// The number of chunks that carry tokens, or what the text of a plain answer comes to; `nil` where there is nothing.
    private var estimatedOutput: Int? {
        if !tokenOffsets.isEmpty { return tokenOffsets.count }
        let said = text.utf8.count + refusal.utf8.count
        return said > 0 ? TokenUsage.estimate(ofBytes: said) : nil
    }
}
