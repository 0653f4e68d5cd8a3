/// What every connection of a server shares.
struct ConnectionEnvironment: Sendable {
    var router: Router
    var limits: ServerLimits
    var registry: ConnectionRegistry
    var security: ServerSecurity
    /// What answers carry in `Date`.
    var dates = DateField()
    /// Takes a request to where it is answered, off the event loop.
    var dispatch: @Sendable (Exchange) -> Void
    /// Told the label `handler` and the status of every answer.
    var onResponse: @Sendable (_ handler: String, _ status: Int) -> Void
}
