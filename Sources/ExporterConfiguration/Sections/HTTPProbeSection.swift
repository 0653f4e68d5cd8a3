import Foundation

extension HTTPProbeDefinition {
    init?(reading field: Field) {
        let keys = ["method", "path", "headers", "body", "connection", "follow_redirects", "expect"]
        guard let section = Section(field, keys: keys) else { return nil }
        self.init(
            method: section["method"]?.httpMethod() ?? "GET",
            path: section["path"]?.requestPath() ?? "/",
            headers: section["headers"].flatMap { [HeaderDefinition](reading: $0) } ?? [],
            body: section["body"]?.text("the body of the request"),
            connection: section["connection"]?.choice(of: ConnectionPolicy.self) ?? .warm,
            followsRedirects: section["follow_redirects"]?.boolean() ?? false,
            expect: section["expect"].flatMap(HTTPExpectation.init(reading:)) ?? .success
        )
    }
}

extension Field {
    fileprivate func httpMethod() -> String? {
        let expected = "a method such as GET"
        return parsed(expected) { text throws(ValueProblem) in
            guard text.isHTTPToken, text.utf8.count <= 64 else {
                throw ValueProblem(found: text.quotedForMessage, expected: expected)
            }
            guard text.uppercased() != "CONNECT" else {
                throw ValueProblem(found: "CONNECT, which opens a tunnel", expected: expected)
            }
            return text
        }
    }

    /// The target of a request, which may carry a key in its query and so is not shown.
    func requestPath() -> String? {
        let expected = "a path that begins with /, percent-encoded, without #"
        return parsed(expected) { text throws(ValueProblem) in
            guard text.hasPrefix("/") else {
                throw ValueProblem(found: "a path without / in front", expected: expected)
            }
            guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
                throw ValueProblem(found: "a path with a character that cannot stand in one", expected: expected)
            }
            return text
        }
    }
}

extension HTTPExpectation {
    /// Any status of success.
    fileprivate static let success = Self(statuses: [], headers: [:], bodyContains: nil, bodyMatches: nil, json: [])

    fileprivate init?(reading field: Field) {
        let keys = ["status", "headers", "body_contains", "body_matches", "json"]
        guard let section = Section(field, keys: keys) else { return nil }
        let headers = section["headers"].flatMap { [HeaderDefinition](reading: $0, refusing: []) } ?? []
        self.init(
            statuses: section["status"]?.statuses() ?? [],
            headers: Dictionary(
                headers.map { ($0.name.lowercased(), $0.value.reveal) },
                uniquingKeysWith: { first, _ in first }
            ),
            bodyContains: section["body_contains"]?.nonEmptyText("a text that the body must contain"),
            bodyMatches: section["body_matches"]?.regularExpression(),
            json: section["json"]?.jsonExpectations() ?? []
        )
    }
}

extension Field {
    /// One status or a list of them.
    fileprivate func statuses() -> [Int]? {
        let range = 100...599
        guard case .list = node.content else { return integer(in: range).map { [$0] } }
        let fields = list("a status or a list of them") ?? []
        if fields.isEmpty { report(found: "an empty list", expected: "at least one status") }
        return fields.compactMap { $0.integer(in: range) }
    }

    /// A pattern that compiles, in the syntax that the probe matches with.
    func regularExpression() -> String? {
        let expected = "a regular expression of at most 1000 bytes"
        return parsed(expected) { text throws(ValueProblem) in
            guard !text.isEmpty, text.utf8.count <= 1000 else {
                throw ValueProblem(found: "a text of \(text.utf8.count) bytes", expected: expected)
            }
            guard (try? NSRegularExpression(pattern: text)) != nil else {
                throw ValueProblem(found: "\(text.quotedForMessage), which does not compile", expected: expected)
            }
            return text
        }
    }
}

extension Field {
    /// Values that a JSON document must have, by their paths.
    func jsonExpectations() -> [JSONExpectation] {
        entries("a mapping of JSON paths to values")?.compactMap(JSONExpectation.init(reading:)) ?? []
    }
}

extension JSONExpectation {
    fileprivate init?(reading entry: Field.Entry) {
        do throws(ValueProblem) {
            let path = try JSONPath(parsing: entry.key)
            guard let value = entry.field.scalar() else { return nil }
            self.init(path: path, value: value)
        } catch {
            entry.field.log.report(error, at: entry.position, entry.field.node.path)
            return nil
        }
    }
}
