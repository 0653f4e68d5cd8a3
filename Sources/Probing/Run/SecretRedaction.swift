import BenchmarkModel
import ExporterConfiguration
import Foundation

/// Keeps what a probe sends in confidence out of what is said about its failures.
///
/// Details quote what a service answered, and a service may answer with what it was asked, or with what it gave out
/// before. A secret is all that `/config` does not show either, and every text that a step has captured: nobody but the
/// service can tell the token of a session from the name of a thing.
struct SecretRedaction: Sendable {
    /// Shorter values, and shorter beginnings of values, are no credentials; hiding them would garble ordinary sentences.
    private static let shortest = 6

    private let secrets: [String]

    /// What is sent in confidence for `probe`, and what a service may have made of it.
    init(_ probe: ProbeDefinition) {
        self.init(hiding: Self.values(of: probe))
    }

    /// Texts and their pieces, and what these are when they are decoded.
    init(hiding texts: [String]) {
        let sent = texts.flatMap(Self.pieces)
        let pieces = sent + sent.flatMap(Self.decoded).flatMap(Self.pieces)
        secrets = Set(pieces).filter { $0.utf8.count >= Self.shortest }.sorted { $0.count > $1.count }
    }

    /// A text, its words, as in `Bearer …`, and the values in these, as in `key=…`.
    private static func pieces(of text: String) -> [String] {
        let words = text.split(whereSeparator: endsWord)
        let values = words.flatMap { word in
            word.split(maxSplits: 1, whereSeparator: endsName).dropFirst()
                + word.split(whereSeparator: endsName).dropFirst()
        }
        return [text] + (words + values).map(String.init)
    }

    private static func endsWord(_ character: Character) -> Bool {
        character.isWhitespace || "\"',;&<>()[]{}".contains(character)
    }

    /// As in forms, cookies and options; where one value follows another, as in an address, each is one.
    private static func endsName(_ character: Character) -> Bool {
        "=:|@".contains(character)
    }

    /// Of the encodings that services undo before they look at what they were sent: that of URLs and forms, and that of a
    /// user's password in `Authorization` (RFC 7617).
    private static func decoded(_ text: String) -> [String] {
        var results: [String] = []
        if text.contains(where: { "%+".contains($0) }) {
            results = [text, text.replacing("+", with: " ")].compactMap(\.removingPercentEncoding)
        }
        if text.lowercased().hasPrefix("basic "),
            let bytes = Data(base64Encoded: String(text.dropFirst("basic ".count)))
        {
            results.append(String(decoding: bytes, as: UTF8.self))
        }
        return results
    }

    private static func values(of probe: ProbeDefinition) -> [String] {
        switch probe {
        case .http(let definition, let target):
            headers(target.headers + definition.headers) + query(of: definition.path) + texts(of: definition.body)
        case .languageModel(let definition, let target):
            headers(target.headers + definition.headers) + query(of: definition.path)
        case .redis(let definition, let endpoint):
            [endpoint.password?.reveal].compactMap(\.self)
                + ([definition.command] + definition.prepare + definition.cleanup).flatMap { $0.dropFirst() }
        case .tcp(let definition, _): [definition.send].compactMap(\.self)
        case .command(let definition, let target):
            target.environment.values.map(\.reveal) + texts(of: definition.standardInput)
                + (definition.usesShell ? definition.run : Array(definition.run.dropFirst()))
        case .mix(let definition): definition.members.map(\.probe).flatMap(values)
        case .steps(let definition):
            definition.all.map(\.request).flatMap(values)
                + definition.cases.flatMap(\.values).compactMap { value in
                    if case .string(let text) = value { return text }
                    return nil
                }
        }
    }

    private static func headers(_ headers: [HeaderDefinition]) -> [String] {
        headers.map(\.value.reveal)
    }

    private static func query(of path: String) -> [String] {
        path.split(separator: "?", maxSplits: 1).dropFirst().flatMap { query in
            query.split(separator: "&").compactMap { $0.split(separator: "=", maxSplits: 1).last.map(String.init) }
        }
    }

    /// Of JSON the texts in it, as the names of members are no secrets and would garble what a service says of them.
    private static func texts(of body: String?) -> [String] {
        guard let body else { return [] }
        guard let value = try? JSONSerialization.jsonObject(with: Data(body.utf8)) else { return [body] }
        return leaves(of: value)
    }

    private static func leaves(of value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let list as [Any]: list.flatMap(leaves)
        case let object as [String: Any]: object.values.flatMap(leaves)
        case _: []
        }
    }

    /// The same failure, whose detail holds no secret and no beginning of one, as a quotation that was cut would.
    func redacted(_ failure: IterationFailure) -> IterationFailure {
        var result = failure
        for secret in secrets {
            var beginning = secret[...]
            while beginning.count >= Self.shortest, result.detail.contains(beginning.prefix(Self.shortest)) {
                result.detail = result.detail.replacing(beginning, with: "<redacted>")
                beginning = beginning.dropLast()
            }
        }
        return result
    }
}
