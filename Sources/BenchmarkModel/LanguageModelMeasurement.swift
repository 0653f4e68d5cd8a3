/// The times and tokens of one answer of a language model, each from just before the first byte of the request.
package struct LanguageModelMeasurement: Hashable, Sendable {
    /// To the first byte of the answer, its head included.
    package var timeToFirstByte: Duration?
    /// To the first non-empty content, reasoning or tool-call delta.
    package var timeToFirstToken: Duration?
    /// To the first non-empty content delta.
    package var timeToFirstVisibleToken: Duration?
    /// The gaps between chunks that carry tokens, in order of arrival.
    package var interTokenTimes: [InterTokenTime]
    /// (last − first token) / (tokens − 1); `nil` below two tokens.
    package var timePerOutputToken: Duration?
    /// What the answer cost, also where it failed; at most one entry for each kind.
    package var tokens: [TokenCount]

    package init(
        timeToFirstByte: Duration? = nil,
        timeToFirstToken: Duration? = nil,
        timeToFirstVisibleToken: Duration? = nil,
        interTokenTimes: [InterTokenTime] = [],
        timePerOutputToken: Duration? = nil,
        tokens: [TokenCount] = []
    ) {
        self.timeToFirstByte = timeToFirstByte
        self.timeToFirstToken = timeToFirstToken
        self.timeToFirstVisibleToken = timeToFirstVisibleToken
        self.interTokenTimes = interTokenTimes
        self.timePerOutputToken = timePerOutputToken
        self.tokens = tokens
    }
}

/// The gap before one chunk, shared out over the tokens in it.
package struct InterTokenTime: Hashable, Sendable {
    /// The gap divided by `tokens`.
    package var time: Duration
    /// The tokens in the chunk, at least 1: the number of observations that the gap stands for.
    package var tokens: Int

    package init(time: Duration, tokens: Int) {
        self.time = time
        self.tokens = tokens
    }
}

/// A number of tokens of one kind, and how it is known.
package struct TokenCount: Hashable, Sendable {
    package var kind: TokenKind
    package var source: TokenSource
    /// Not negative.
    package var count: Int

    package init(kind: TokenKind, source: TokenSource, count: Int) {
        self.kind = kind
        self.source = source
        self.count = count
    }
}

/// The label `kind` of tokens.
///
/// `reasoning` tokens are part of `output`, `cached` ones part of `input`, as the OpenAI dialect counts them.
package enum TokenKind: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    case input, output, reasoning, cached
}

/// The label `source` of tokens: from the service's own count, or from the chunks and bytes where it sends none.
package enum TokenSource: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    case usage, estimated
}
