/// One Redis command, measured, and what goes before and after it, not measured.
package struct RedisProbeDefinition: Hashable, Sendable {
    /// Commands that run once before the first iteration of a run.
    package var prepare: [[String]]
    /// The command and its arguments; at least one word.
    package var command: [String]
    /// Commands that run once after the last iteration of a run, whatever happened.
    package var cleanup: [[String]]
    package var expect: RedisExpectation

    package init(
        prepare: [[String]] = [],
        command: [String],
        cleanup: [[String]] = [],
        expect: RedisExpectation = RedisExpectation()
    ) {
        self.prepare = prepare
        self.command = command
        self.cleanup = cleanup
        self.expect = expect
    }
}

/// What a right reply looks like; a reply that differs is a `validation` failure, and so is an error reply.
package struct RedisExpectation: Hashable, Sendable {
    /// The value as text, or `.null` for a nil reply; `nil` accepts any.
    package var value: JSONScalar?
    /// The number of elements of an array reply; `nil` accepts any.
    package var elements: Int?

    package init(
        value: JSONScalar? = nil,
        elements: Int? = nil
    ) {
        self.value = value
        self.elements = elements
    }
}
