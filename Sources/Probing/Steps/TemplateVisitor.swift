import ExporterConfiguration

/// Goes through the texts of a request that are templates, always in the same order, and gives back the request with what
/// it made of them.
protocol TemplateVisitor {
    /// Makes another text of one.
    mutating func text(_ text: String, _ escape: TemplateEscape) -> String

    /// Makes a value of a text that an answer is compared with.
    mutating func value(_ text: String) -> JSONScalar
}

/// How values are written where they are put in.
enum TemplateEscape {
    /// Just as they are.
    case none
    /// Percent-encoded, all but what RFC 3986 calls unreserved.
    case path
    /// As within the quotes of a string of JSON.
    case json

    func apply(_ value: String) -> String {
        switch self {
        case .none: value
        case .path: value.utf8.map { $0.isUnreserved ? String(Unicode.Scalar($0)) : "%" + $0.hexadecimal }.joined()
        case .json: value.unicodeScalars.map(\.escapedForJSON).joined()
        }
    }
}

extension TemplateVisitor {
    mutating func visit(_ definition: ProbeDefinition) -> ProbeDefinition {
        switch definition {
        case .http(let definition, let target): .http(visit(definition), target)
        case .languageModel(let definition, let target): .languageModel(visit(definition), target)
        case .redis(let definition, let target): .redis(visit(definition), target)
        case .tcp, .command, .mix, .steps: definition
        }
    }

    private mutating func visit(_ definition: HTTPProbeDefinition) -> HTTPProbeDefinition {
        var result = definition
        result.path = text(definition.path, .path)
        result.headers = visit(definition.headers)
        if let body = definition.body {
            result.body = text(body, body.isJSON ? .json : .none)
        }
        for (name, value) in definition.expect.headers.sorted(by: { $0.key < $1.key }) {
            result.expect.headers[name] = text(value, .none)
        }
        result.expect.bodyContains = definition.expect.bodyContains.map { text($0, .none) }
        for (index, expectation) in definition.expect.json.enumerated() {
            result.expect.json[index].value = visit(expectation.value)
        }
        return result
    }

    private mutating func visit(_ definition: LanguageModelDefinition) -> LanguageModelDefinition {
        var result = definition
        result.path = text(definition.path, .path)
        result.headers = visit(definition.headers)
        result.system = definition.system.map { text($0, .none) }
        result.prompt = text(definition.prompt, .none)
        if case .text(let expected?) = definition.expect { result.expect = .text(containing: text(expected, .none)) }
        for (index, expectation) in definition.json.enumerated() {
            result.json[index].value = visit(expectation.value)
        }
        return result
    }

    private mutating func visit(_ definition: RedisProbeDefinition) -> RedisProbeDefinition {
        var result = definition
        for (index, word) in definition.command.enumerated() { result.command[index] = text(word, .none) }
        // Redis knows texts alone, whatever type the value of a variable has.
        if case .string(let expected) = definition.expect.value { result.expect.value = .string(text(expected, .none)) }
        return result
    }

    private mutating func visit(_ headers: [HeaderDefinition]) -> [HeaderDefinition] {
        var result = headers
        for (index, header) in headers.enumerated() { result[index].value = Secret(text(header.value.reveal, .none)) }
        return result
    }

    private mutating func visit(_ expected: JSONScalar) -> JSONScalar {
        if case .string(let text) = expected { value(text) } else { expected }
    }
}

extension String {
    /// Whether a template begins as an object or an array does, and not with a variable.
    fileprivate var isJSON: Bool {
        let start = drop { $0.isWhitespace }
        return start.hasPrefix("[") || start.hasPrefix("{") && !start.hasPrefix("{{")
    }
}

extension UInt8 {
    fileprivate var isUnreserved: Bool {
        let character = Character(Unicode.Scalar(self))
        return self < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
    }

    fileprivate var hexadecimal: String {
        let digits = String(self, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }
}

extension Unicode.Scalar {
    /// Of RFC 8259, section 7.
    fileprivate var escapedForJSON: String {
        switch self {
        case "\"": "\\\""
        case "\\": "\\\\"
        case _ where value < 0x20: "\\u00" + UInt8(value).hexadecimal
        default: String(Character(self))
        }
    }
}
