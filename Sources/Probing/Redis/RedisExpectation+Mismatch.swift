import ExporterConfiguration
import RedisClient

extension RedisExpectation {
    /// What is wrong with a reply; `nil` for a right one.
    ///
    /// It says the kind and the size of the reply, never its content.
    func mismatch(with reply: RedisValue) -> String? {
        if let refusal = reply.refusal { return refusal }
        if let value, !value.matches(reply) { return "the reply is \(reply.kind), not the expected value" }
        if let elements {
            guard case .array(let found) = reply else {
                return "the reply is \(reply.kind), not an array of \(elements) elements"
            }
            guard found.count == elements else { return "the reply has \(found.count) elements, not \(elements)" }
        }
        return nil
    }
}

extension JSONScalar {
    /// Whether a reply is this value: a text as it is written, a number also as a text, true and false also as 1 and 0.
    fileprivate func matches(_ reply: RedisValue) -> Bool {
        switch (self, reply) {
        case (.null, .null): true
        case (.string(let expected), .integer(let number)): expected == "\(number)"
        case (.string(let expected), .bulk(let bytes)): expected.utf8.elementsEqual(bytes)
        case (.string(let expected), .status(let text)): expected == text
        case (.number(let expected), .integer(let number)): Int64(exactly: expected) == number
        case (.number(let expected), .bulk), (.number(let expected), .status):
            reply.text.flatMap(Double.init) == expected
        case (.bool(let expected), .integer(let number)): number == (expected ? 1 : 0)
        case (.bool(let expected), .bulk), (.bool(let expected), .status): reply.text == "\(expected)"
        case (.null, _), (.string, _), (.number, _), (.bool, _): false
        }
    }
}

extension RedisValue {
    /// What an error reply says, its code alone; `nil` for other replies.
    var refusal: String? { errorCode.map { "the server answered \($0)" } }

    /// Kind and size, for people.
    fileprivate var kind: String {
        switch self {
        case .null: "nil"
        case .integer: "an integer"
        case .status(let text): "a status of \(text.utf8.count) bytes"
        case .bulk(let bytes): "a text of \(bytes.count) bytes"
        case .array(let elements): "an array of \(elements.count) elements"
        case .error: "an error"
        }
    }
}
