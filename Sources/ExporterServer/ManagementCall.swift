/// A request to a route that takes a role, allowed or refused.
package struct ManagementCall: Sendable, Hashable {
    /// When it was answered, or accepted, in seconds since 1970.
    package var time: Double
    /// Of the token that it came with; `nil` without one that is known.
    package var tokenName: String?
    /// Of the client, without port.
    package var address: String
    /// Of the request.
    package var method: String
    /// Of the route.
    package var path: String
    /// What the call was told to do, as its handler understood it, and what its target asks for; empty where that is all in
    /// the method and the path.
    package var parameters: String
    /// Of the answer; 202 where the call was accepted and goes on.
    package var status: Int

    package init(
        time: Double,
        tokenName: String?,
        address: String,
        method: String,
        path: String,
        parameters: String = "",
        status: Int
    ) {
        self.time = time
        self.tokenName = tokenName
        self.address = address
        self.method = method
        self.path = path
        self.parameters = parameters
        self.status = status
    }
}
