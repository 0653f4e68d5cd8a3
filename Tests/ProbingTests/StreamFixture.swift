import BenchmarkModel
import ExporterConfiguration
import Testing

/// A stream as a service sends it, and what it means and took.
struct StreamFixture: CustomTestStringConvertible, Sendable {
    /// The name of the file in `Tests/Fixtures/streams`.
    var testDescription: String
    var dialect = LanguageModelDialect.chatCompletion
    /// What ends a line in it.
    var lineEnd = "\n"
    var text = ""
    /// Milliseconds from the request to the chunks with tokens.
    var chunks: [Int]
    /// Milliseconds to the first visible token.
    var visible: Int?
    /// The tokens that a chunk stands for.
    var tokensInChunk = 1
    /// From the first token to the last, divided by the tokens but one.
    var timePerOutputToken: Duration?
    var tokens: [TokenCount]
    var failure: IterationFailure?
}

extension StreamFixture {
    static let all = chatCompletions + messages + responses + completions

    static func usage(input: Int, output: Int? = nil, reasoning: Int? = nil, cached: Int? = nil) -> [TokenCount] {
        [(TokenKind.input, input), (.output, output), (.reasoning, reasoning), (.cached, cached)].compactMap {
            kind,
            count in count.map { TokenCount(kind: kind, source: .usage, count: $0) }
        }
    }

    static func estimated(_ output: Int) -> [TokenCount] {
        [TokenCount(kind: .output, source: .estimated, count: output)]
    }

    /// What the prompt of `LanguageModelDefinition.small` costs where the service does not say, at 16 bytes.
    static let estimatedInput = TokenCount(kind: .input, source: .estimated, count: 4)

    private static let chatCompletions = [
        StreamFixture(
            testDescription: "openai.sse",
            text: "Hello, world!",
            chunks: [20, 30, 40],
            visible: 20,
            tokensInChunk: 2,
            timePerOutputToken: .milliseconds(20) / 4,
            tokens: usage(input: 19, output: 5, reasoning: 0, cached: 0)
        ),
        StreamFixture(
            testDescription: "carriage-return-line-feed.sse",
            lineEnd: "\r\n",
            text: "Hello, world!",
            chunks: [20, 30, 40],
            visible: 20,
            tokensInChunk: 2,
            timePerOutputToken: .milliseconds(20) / 4,
            tokens: usage(input: 19, output: 5, reasoning: 0, cached: 0)
        ),
        StreamFixture(
            testDescription: "hidden-reasoning.sse",
            text: "Four.",
            chunks: [20, 30],
            visible: 20,
            timePerOutputToken: .milliseconds(10),
            tokens: usage(input: 1200, output: 66, reasoning: 64, cached: 1024)
        ),
        StreamFixture(
            testDescription: "llama-cpp-python.sse",
            text: "OK.",
            chunks: [20, 30],
            visible: 20,
            timePerOutputToken: .milliseconds(10),
            tokens: estimated(2)
        ),
        StreamFixture(
            testDescription: "llama-cpp-server.sse",
            text: "Grüß dich 👋",
            chunks: [20, 30],
            visible: 20,
            tokensInChunk: 4,
            timePerOutputToken: .milliseconds(10) / 7,
            tokens: usage(input: 31, output: 8)
        ),
        StreamFixture(
            testDescription: "byte-order-mark-and-carriage-return.sse",
            lineEnd: "\r",
            text: "Grüß dich 👋",
            chunks: [20, 30],
            visible: 20,
            tokensInChunk: 4,
            timePerOutputToken: .milliseconds(10) / 7,
            tokens: usage(input: 31, output: 8)
        ),
        StreamFixture(
            testDescription: "vllm-usage-on-last-chunk.sse",
            text: "One two three four five six.",
            chunks: [20, 30, 40],
            visible: 20,
            tokensInChunk: 3,
            timePerOutputToken: .milliseconds(20) / 8,
            tokens: usage(input: 30, output: 9)
        ),
        StreamFixture(
            testDescription: "deepseek-reasoning.sse",
            text: "4",
            chunks: [20, 30, 40],
            visible: 40,
            timePerOutputToken: .milliseconds(20) / 3,
            tokens: usage(input: 12, output: 4, reasoning: 2, cached: 0)
        ),
        StreamFixture(
            testDescription: "openrouter-comments.sse",
            text: "Yes",
            chunks: [50, 70],
            visible: 70,
            timePerOutputToken: .milliseconds(20),
            tokens: usage(input: 7, output: 2)
        ),
        StreamFixture(
            testDescription: "tool-calls.sse",
            chunks: [20, 30, 50],
            timePerOutputToken: .milliseconds(15),
            tokens: estimated(3)
        ),
        StreamFixture(
            testDescription: "multi-line-data.sse",
            text: "Two lines.",
            chunks: [20, 30],
            visible: 20,
            timePerOutputToken: .milliseconds(10),
            tokens: estimated(2)
        ),
        StreamFixture(
            testDescription: "refusal.sse",
            chunks: [20, 30],
            timePerOutputToken: .milliseconds(10),
            tokens: estimated(2),
            failure: IterationFailure(.validation, "the model refused: 'I can't help with that.'")
        ),
        StreamFixture(
            testDescription: "reasoning-only.sse",
            chunks: [10, 20],
            timePerOutputToken: .milliseconds(10),
            tokens: usage(input: 9, output: 2),
            failure: IterationFailure(
                .validation,
                "the answer has nothing but reasoning; the finish reason is 'length'"
            )
        ),
        StreamFixture(
            testDescription: "error-in-mid-stream.sse",
            text: "Half an",
            chunks: [20, 30],
            visible: 20,
            timePerOutputToken: .milliseconds(10),
            tokens: estimated(2),
            failure: IterationFailure(.protocol, "the stream has an error: 'CUDA out of memory'")
        ),
        StreamFixture(
            testDescription: "no-end.sse",
            text: "Done",
            chunks: [20],
            visible: 20,
            tokens: estimated(1),
            failure: IterationFailure(.truncated, "the stream ended without [DONE]; chunks with tokens: 1")
        ),
        StreamFixture(
            testDescription: "no-finish-reason.sse",
            text: "Done",
            chunks: [20],
            visible: 20,
            tokens: estimated(1),
            failure: IterationFailure(.protocol, "the answer has no finish reason")
        ),
    ]

    private static let messages = [
        StreamFixture(
            testDescription: "messages.sse",
            dialect: .messages,
            text: "Hello, world!",
            chunks: [40, 50, 60],
            visible: 40,
            tokensInChunk: 2,
            timePerOutputToken: .milliseconds(20) / 5,
            tokens: usage(input: 1100, output: 6, cached: 1000)
        ),
        StreamFixture(
            testDescription: "messages-thinking-and-tool.sse",
            dialect: .messages,
            chunks: [30, 40, 70, 90, 100],
            tokensInChunk: 2,
            timePerOutputToken: .milliseconds(70) / 9,
            tokens: usage(input: 30, output: 10, cached: 0)
        ),
        StreamFixture(
            testDescription: "messages-redacted-thinking.sse",
            dialect: .messages,
            chunks: [20],
            tokens: usage(input: 9, output: 16),
            failure: IterationFailure(
                .validation,
                "the answer has nothing but reasoning; the finish reason is 'max_tokens'"
            )
        ),
        StreamFixture(
            testDescription: "messages-error.sse",
            dialect: .messages,
            text: "Half",
            chunks: [30],
            visible: 30,
            tokens: usage(input: 9) + estimated(1),
            failure: IterationFailure(.protocol, "the stream has an error: 'Overloaded'")
        ),
        StreamFixture(
            testDescription: "messages-no-end.sse",
            dialect: .messages,
            text: "Done",
            chunks: [30],
            visible: 30,
            tokens: usage(input: 9, output: 1),
            failure: IterationFailure(.truncated, "the stream ended without message_stop; chunks with tokens: 1")
        ),
        StreamFixture(
            testDescription: "messages-no-stop-reason.sse",
            dialect: .messages,
            text: "Done",
            chunks: [30],
            visible: 30,
            tokens: usage(input: 9) + estimated(1),
            failure: IterationFailure(.protocol, "the answer has no finish reason")
        ),
        StreamFixture(
            testDescription: "messages-refusal.sse",
            dialect: .messages,
            text: "Sure",
            chunks: [30],
            visible: 30,
            tokens: usage(input: 9, output: 1),
            failure: IterationFailure(
                .validation,
                "a filter stopped the answer: the finish reason is refusal"
            )
        ),
    ]

    private static let responses = [
        StreamFixture(
            testDescription: "responses.sse",
            dialect: .responses,
            text: "Hello, world!",
            chunks: [50, 60, 70],
            visible: 50,
            tokensInChunk: 2,
            timePerOutputToken: .milliseconds(20) / 5,
            tokens: usage(input: 36, output: 6, reasoning: 0, cached: 0)
        ),
        StreamFixture(
            testDescription: "responses-reasoning-and-tool.sse",
            dialect: .responses,
            chunks: [40, 50, 60, 70, 80],
            tokensInChunk: 6,
            timePerOutputToken: .milliseconds(40) / 29,
            tokens: usage(input: 75, output: 30, reasoning: 24, cached: 64)
        ),
        StreamFixture(
            testDescription: "responses-hidden-reasoning.sse",
            dialect: .responses,
            text: "Four.",
            chunks: [40, 50],
            visible: 40,
            timePerOutputToken: .milliseconds(10),
            tokens: usage(input: 1200, output: 66, reasoning: 64, cached: 1024)
        ),
        StreamFixture(
            testDescription: "responses-incomplete.sse",
            dialect: .responses,
            text: "Half an",
            chunks: [50, 60],
            visible: 50,
            timePerOutputToken: .milliseconds(10),
            tokens: usage(input: 9, output: 2, reasoning: 0, cached: 0)
        ),
        StreamFixture(
            testDescription: "responses-filtered.sse",
            dialect: .responses,
            text: "Half",
            chunks: [50],
            visible: 50,
            tokens: usage(input: 9, output: 1, reasoning: 0, cached: 0),
            failure: IterationFailure(
                .validation,
                "a filter stopped the answer: the finish reason is content_filter"
            )
        ),
        StreamFixture(
            testDescription: "responses-refusal.sse",
            dialect: .responses,
            chunks: [50, 60],
            tokensInChunk: 4,
            timePerOutputToken: .milliseconds(10) / 7,
            tokens: usage(input: 9, output: 8, reasoning: 0, cached: 0),
            failure: IterationFailure(.validation, "the model refused: 'I can't help with that.'")
        ),
        StreamFixture(
            testDescription: "responses-failed.sse",
            dialect: .responses,
            text: "Half",
            chunks: [50],
            visible: 50,
            tokens: estimated(1),
            failure: IterationFailure(
                .protocol,
                "the stream has an error: 'The model failed to generate a response.'"
            )
        ),
        StreamFixture(
            testDescription: "responses-error.sse",
            dialect: .responses,
            text: "Half",
            chunks: [50],
            visible: 50,
            tokens: estimated(1),
            failure: IterationFailure(.protocol, "the stream has an error: 'Slow down'")
        ),
        StreamFixture(
            testDescription: "responses-no-end.sse",
            dialect: .responses,
            text: "Done",
            chunks: [50],
            visible: 50,
            tokens: estimated(1),
            failure: IterationFailure(.truncated, "the stream ended without response.completed; chunks with tokens: 1")
        ),
    ]

    private static let completions = [
        StreamFixture(
            testDescription: "completions.sse",
            dialect: .completions,
            text: "Hello, world!",
            chunks: [10, 20, 30],
            visible: 10,
            tokensInChunk: 2,
            timePerOutputToken: .milliseconds(20) / 5,
            tokens: usage(input: 5, output: 6)
        ),
        StreamFixture(
            testDescription: "completions-no-end.sse",
            dialect: .completions,
            text: "Done",
            chunks: [10],
            visible: 10,
            tokens: estimated(1),
            failure: IterationFailure(.truncated, "the stream ended without [DONE]; chunks with tokens: 1")
        ),
    ]
}
