/// One HTTP request and what its answer must be.
package struct HTTPProbeDefinition: Hashable, Sendable {
    package var method: String
    /// Appended to the target's base; starts with `/`.
    package var path: String
    /// Sent after those of the target; the same name replaces the target's.
    package var headers: [HeaderDefinition]
    package var body: String?
    package var connection: ConnectionPolicy
    /// Whether 3xx answers are followed, within the same origin, at most 5 times.
    package var followsRedirects: Bool
    package var expect: HTTPExpectation

    package init(
        method: String,
        path: String,
        headers: [HeaderDefinition] = [],
        body: String? = nil,
        connection: ConnectionPolicy = .warm,
        followsRedirects: Bool = false,
        expect: HTTPExpectation = HTTPExpectation()
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.connection = connection
        self.followsRedirects = followsRedirects
        self.expect = expect
    }
}

/// Whether an iteration finds a connection ready.
package enum ConnectionPolicy: String, Hashable, Sendable, CaseIterable {
    /// A pooled connection is used where there is one; connecting is outside the duration.
    case warm
    /// Each iteration connects, and the duration includes that.
    case cold
}

/// What a right answer looks like; an answer that differs is a `validation` failure.
package struct HTTPExpectation: Hashable, Sendable {
    /// The accepted statuses; empty for 200...299.
    package var statuses: [Int]
    /// Headers that must be there with just this value, by lower-case name.
    package var headers: [String: String]
    /// A text that the body must contain.
    package var bodyContains: String?
    /// A regular expression that must match somewhere in the body.
    package var bodyMatches: String?
    /// Values that the body, read as JSON, must have.
    package var json: [JSONExpectation]

    package init(
        statuses: [Int] = [],
        headers: [String: String] = [:],
        bodyContains: String? = nil,
        bodyMatches: String? = nil,
        json: [JSONExpectation] = []
    ) {
        self.statuses = statuses
        self.headers = headers
        self.bodyContains = bodyContains
        self.bodyMatches = bodyMatches
        self.json = json
    }
}

/// A place in a JSON document and the value that must be there.
package struct JSONExpectation: Hashable, Sendable {
    package var path: JSONPath
    package var value: JSONScalar

    package init(
        path: JSONPath,
        value: JSONScalar
    ) {
        self.path = path
        self.value = value
    }
}

/// A JSON value that is neither an array nor an object.
package enum JSONScalar: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
}
