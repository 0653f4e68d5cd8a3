import ExporterConfiguration
import Foundation

/// The body of a request, with the fields that its dialect has.
struct LanguageModelRequest: Encodable {
    private var model: String
    private var messages: [Message]?
    private var system: String?
    private var instructions: String?
    private var prompt: String?
    private var input: String?
    private var maxTokens: Int?
    private var maxOutputTokens: Int?
    private var temperature: Double?
    private var stream: Bool?
    private var streamOptions: StreamOptions?
    private var store: Bool?

    private struct Message: Encodable {
        var role: String
        var content: String
    }

    private struct StreamOptions: Encodable {
        var includeUsage: Bool
    }

    /// What `definition` asks, with a fresh nonce where it wants one.
    ///
    /// `asksForUsage` is for streams only, and for dialects that have the option: otherwise there is a usage anyway.
    init(_ definition: LanguageModelDefinition, asksForUsage: Bool) {
        let text = definition.nonce ? "\(Self.makeNonce()) \(definition.prompt)" : definition.prompt
        let question = Message(role: "user", content: text)
        model = definition.model
        temperature = definition.temperature
        stream = definition.stream
        if definition.stream, asksForUsage, definition.dialect.hasUsageOption {
            streamOptions = StreamOptions(includeUsage: true)
        }
        switch definition.dialect {
        case .chatCompletion:
            messages = [question]
            if let system = definition.system { messages?.insert(Message(role: "system", content: system), at: 0) }
            maxTokens = definition.maxTokens
        case .messages:
            messages = [question]
            system = definition.system
            maxTokens = definition.maxTokens
        case .responses:
            input = text
            instructions = definition.system
            maxOutputTokens = definition.maxTokens
            // A probe leaves nothing behind, and this service keeps responses for a month.
            store = false
        case .completions:
            prompt = text
            maxTokens = definition.maxTokens
        case .embeddings:
            input = text
            stream = nil
        }
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
