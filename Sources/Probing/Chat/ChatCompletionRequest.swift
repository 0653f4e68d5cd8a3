import ExporterConfiguration
import Foundation

/// The body of a request in the OpenAI dialect.
struct ChatCompletionRequest: Encodable {
    var model: String
    var messages: [Message]
    var maxTokens: Int?
    var temperature: Double?
    var stream: Bool
    var streamOptions: StreamOptions?

    struct Message: Encodable {
        var role: String
        var content: String
    }

    struct StreamOptions: Encodable {
        var includeUsage: Bool
    }

    /// What `definition` asks, with a fresh nonce where it wants one.
    ///
    /// `asksForUsage` is for streams only: a plain answer has its usage anyway.
    init(_ definition: ChatCompletionDefinition, asksForUsage: Bool) {
        let prompt = definition.nonce ? "\(Self.makeNonce()) \(definition.prompt)" : definition.prompt
        model = definition.model
        messages = [Message(role: "user", content: prompt)]
        if let system = definition.system { messages.insert(Message(role: "system", content: system), at: 0) }
        maxTokens = definition.maxTokens
        temperature = definition.temperature
        stream = definition.stream
        streamOptions = definition.stream && asksForUsage ? StreamOptions(includeUsage: true) : nil
    }

    /// Ten random letters: 47 bits, so that no two requests begin alike, always of one length, so that none is longer.
    private static func makeNonce() -> String {
        String((0..<10).map { _ in Character(Unicode.Scalar(UInt8.random(in: UInt8(ascii: "a")...UInt8(ascii: "z")))) })
    }

    /// The request as JSON, the same bytes for the same request.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(self))
    }
}
