import Foundation
import Synchronization

/// Who gets to what, and how often: a request with sound framing comes here before its route does.
///
/// In this order: the limit of all requests together; who it is, by password or token, failures counted for each address;
/// the limit of that client; what its token may do. The settings may be replaced while requests go on.
package final class ServerSecurity: Sendable {
    /// A failed login every ten seconds in the long run; ten at once are a person who tries.
    static let failedLogins = RateLimit(interval: .seconds(10), burst: 10)
    /// Clients whose limits are kept one by one.
    private static let clients = 4096

    /// Whose requests are counted together.
    enum Client: Hashable {
        case token(String)
        case address([UInt8])
    }

    private struct Bucket: Hashable {
        var client: Client
        var role: Role
    }

    private struct State {
        var web: WebSettings
        var access: AccessSettings
        var all = TokenBuckets<Int>(capacity: 1)
        var requests = TokenBuckets<Bucket>(capacity: clients)
        var logins = TokenBuckets<[UInt8]>(capacity: clients)
    }

    private let state: Mutex<State>
    private let verifier = PasswordVerifier()
    private let now: @Sendable () -> Duration
    private let wallClock: @Sendable () -> Double
    private let onManagementCall: @Sendable (ManagementCall) -> Void

    /// Security with settings to start from.
    ///
    /// `onManagementCall` is told of every request to a route that takes a role, once its answer is there, and of some that
    /// take a while also when they are accepted; it must not block. `now` only ever grows; `wallClock` is in seconds since
    /// 1970.
    package init(
        web: WebSettings = WebSettings(),
        access: AccessSettings = AccessSettings(),
        now: @escaping @Sendable () -> Duration = { ServerSecurity.start.duration(to: .now) },
        wallClock: @escaping @Sendable () -> Double = { Date.now.timeIntervalSince1970 },
        onManagementCall: @escaping @Sendable (ManagementCall) -> Void = { _ in }
    ) {
        state = Mutex(State(web: web, access: access))
        self.now = now
        self.wallClock = wallClock
        self.onManagementCall = onManagementCall
    }

    /// What the time of the limits counts from.
    package static let start = ContinuousClock.now

    /// Takes up other settings for all further connections and requests.
    package func replace(web: WebSettings) {
        state.withLock { $0.web = web }
    }

    /// Takes up other settings for all further requests.
    package func replace(access: AccessSettings) {
        state.withLock { $0.access = access }
    }

    /// That of new connections.
    var tls: ServerTLS? { state.withLock(\.web.tls) }

    /// Fields of every answer.
    var headers: [(name: String, value: String)] { state.withLock(\.web.headers) }

    /// The answer to a request whose path has led to `match`: that of the route, or why it does not get there.
    func answer(_ request: ServerRequest, _ match: Router.Match) async -> ServerResponse {
        let (web, access) = state.withLock { ($0.web, $0.access) }
        var request = request
        let client = ClientAddress(
            peer: request.remoteAddress,
            headers: request.headers,
            trusting: access.trustedProxies
        )
        (request.remoteAddress, request.isLoopback) = (client.text, client.isLoopback)
        let admission = await admit(request, match, from: client, web, access)
        (request.tokenName, request.role) = (admission.token?.name, admission.token?.role)
        request.parameters = match.parameters
        let note = await makeNote(of: request, match.route)
        request.accept = { note(202, $0) }
        let response: ServerResponse
        switch (admission.refusal, match) {
        case (let refusal?, _), (nil, .refusal(let refusal, _, _)): response = refusal
        case (nil, .route(let route, _)): response = await route.respond(request)
        }
        note(response.status, response.audited)
        return response
    }

    /// What tells the audit trail of a request to `route`, with a status and what the handler says itself.
    private func makeNote(
        of request: ServerRequest,
        _ route: Route?
    ) async -> @Sendable (_ status: Int, _ audited: String) -> Void {
        guard let route, route.role != nil else { return { _, _ in } }
        // Whoever has no token could write into the trail what he likes.
        let target = request.tokenName == nil ? "" : await route.describe(request)
        return { [onManagementCall, wallClock] status, audited in
            onManagementCall(
                ManagementCall(
                    time: wallClock(),
                    tokenName: request.tokenName,
                    address: request.remoteAddress,
                    method: request.method,
                    path: route.path,
                    parameters: [audited, target].filter { !$0.isEmpty }.joined(separator: " "),
                    status: status
                )
            )
        }
    }

    private struct Admission {
        var token: AccessToken?
        /// `nil` where the request may go on.
        var refusal: ServerResponse?
    }

    private func admit(
        _ request: ServerRequest,
        _ match: Router.Match,
        from client: ClientAddress,
        _ web: WebSettings,
        _ access: AccessSettings
    ) async -> Admission {
        if let limit = web.rateLimit {
            let wait = state.withLock { $0.all.take(0, limit: limit, now: now()) }
            if let wait { return Admission(refusal: .tooMany(after: wait, "more requests than the server takes")) }
        }
        let role = match.route?.role
        guard role != nil || !web.users.isEmpty else { return Admission() }

        let login = await logIn(Credentials(request.headers["authorization"]), client, web, access)
        var admission = Admission(token: login.token)
        if let refusal = login.refusal {
            admission.refusal = refusal
            return admission
        }
        if !web.users.isEmpty, !login.isKnown {
            admission.refusal = .unauthorized(
                "this takes a user and a password",
                [.basic] + (role == nil ? [] : [.bearer()])
            )
            return admission
        }
        guard let role else { return admission }
        let bucket = Bucket(client: login.token.map { .token($0.name) } ?? .address(client.limitKey), role: role)
        let wait = state.withLock { $0.requests.take(bucket, limit: access.rateLimit, now: now()) }
        if let wait {
            admission.refusal = .tooMany(after: wait, "more requests than a client may send")
        } else if match.route?.isExempt(request) ?? true {
            admission.refusal = nil
        } else if access.tokens.isEmpty {
            admission.refusal = .problem(403, Self.howToOpen)
        } else if let token = login.token {
            admission.refusal = token.role.includes(role) ? nil : .forbidden(needing: role)
        } else {
            admission.refusal = .unauthorized("this takes a token with the role \(role.rawValue)", [.bearer()])
        }
        return admission
    }

    private static let howToOpen = """
        the management API is closed, because the configuration has no tokens: make one with \
        'ai-benchmark-exporter token' and put the line that it prints under api.tokens
        """

    // MARK: Logging in

    private struct Login {
        /// Whether the password or the token was right.
        var isKnown = false
        var token: AccessToken?
        var refusal: ServerResponse?
    }

    private func logIn(
        _ credentials: Credentials,
        _ client: ClientAddress,
        _ web: WebSettings,
        _ access: AccessSettings
    ) async -> Login {
        // Where nobody can log in, nobody fails to.
        guard !access.tokens.isEmpty || !web.users.isEmpty else { return Login() }
        switch credentials {
        case .none: return Login()
        case .bearer(let text):
            if let token = access.tokens.token(for: text) { return Login(isKnown: true, token: token) }
        case .basic where web.users.isEmpty: return Login()
        case .basic(let user, let password):
            // While an address is locked out, not even a guess that would be right may show.
            let isLockedOut = state.withLock { state in
                state.logins.wait(for: client.limitKey, limit: Self.failedLogins, now: now()) != nil
            }
            if !isLockedOut, verifier.remembers(user: user, password: password, users: web.users) {
                return Login(isKnown: true)
            }
        case .malformed: break
        }
        // Taken before the try and given back after a right one, so that many tries at once are not free.
        let wait = state.withLock { $0.logins.take(client.limitKey, limit: Self.failedLogins, now: now()) }
        if let wait { return Login(refusal: .tooMany(after: wait, "too many failed logins from this address")) }
        switch credentials {
        case .basic(let user, let password):
            let verdict = await verifier.verify(user: user, password: password, users: web.users)
            if verdict != .wrong { state.withLock { $0.logins.giveBack(client.limitKey, limit: Self.failedLogins) } }
            switch verdict {
            case .right: return Login(isKnown: true)
            case .wrong: return Login(refusal: .unauthorized("the user or the password is wrong", [.basic]))
            case .untried:
                return Login(
                    refusal: .problem(503, "too many passwords wait to be tried", headers: [("Retry-After", "1")])
                )
            }
        case .bearer, .malformed, .none:
            let challenges: [Challenge] = (web.users.isEmpty ? [] : [.basic]) + [.bearer(error: "invalid_token")]
            return Login(refusal: .unauthorized("the credentials are not valid", challenges))
        }
    }
}
