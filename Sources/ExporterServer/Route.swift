/// Who answers on a path.
package struct Route: Sendable {
    /// Matched exactly, without decoding: `/metrics` is not `/metrics/` and not `/%6Detrics`.
    ///
    /// A segment in braces, as in `/runs/{id}`, takes any segment, which comes to the handler decoded.
    package var path: String
    /// The value of the label `handler` in metrics about answers.
    package var handler: String
    /// In upper case; GET brings HEAD with it.
    ///
    /// A route without any is a folder: whoever asks for something at its path or below that is no other route's gets 404, if
    /// the role lets him know.
    package var methods: [String]
    /// What a token must allow; `nil` for everybody.
    package var role: Role?
    /// What it answers with, as far as it is foreseen; counters of such answers begin at 0.
    package var statuses: [Int]
    /// Which requests need no token all the same.
    package var isExempt: @Sendable (ServerRequest) -> Bool
    /// What the target of a request asks for, for the audit trail: checked values, never a secret.
    ///
    /// It is asked about the requests of known clients, also those that are refused.
    package var describe: @Sendable (ServerRequest) async -> String
    /// Makes the answer; the server drops its body where the method is HEAD.
    ///
    /// It runs beside all others and is cancelled when the time to drain is over.
    package var respond: @Sendable (ServerRequest) async -> ServerResponse

    package init(
        path: String,
        handler: String,
        methods: [String] = ["GET"],
        role: Role? = nil,
        statuses: [Int] = [200],
        isExempt: @escaping @Sendable (ServerRequest) -> Bool = { _ in false },
        describe: @escaping @Sendable (ServerRequest) async -> String = { _ in "" },
        respond: @escaping @Sendable (ServerRequest) async -> ServerResponse
    ) {
        self.path = path
        self.handler = handler
        self.methods = methods
        self.role = role
        self.statuses = statuses
        self.isExempt = isExempt
        self.describe = describe
        self.respond = respond
    }

    /// The label `handler` of requests that reach no route.
    package static let noHandler = "none"
}
