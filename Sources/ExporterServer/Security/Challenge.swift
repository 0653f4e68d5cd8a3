/// How a client may say who it is: a value of `WWW-Authenticate`.
enum Challenge {
    case basic
    case bearer(error: String? = nil, scope: Role? = nil)

    var field: (name: String, value: String) {
        switch self {
        case .basic: ("WWW-Authenticate", "Basic realm=\"ai-benchmark-exporter\", charset=\"UTF-8\"")
        case .bearer(let error, let scope):
            (
                "WWW-Authenticate",
                "Bearer realm=\"ai-benchmark-exporter\"" + (error.map { ", error=\"\($0)\"" } ?? "")
                    + (scope.map { ", scope=\"\($0.rawValue)\"" } ?? "")
            )
        }
    }
}

extension ServerResponse {
    static func unauthorized(_ detail: String, _ challenges: [Challenge]) -> Self {
        .problem(401, detail, headers: challenges.map(\.field))
    }

    static func forbidden(needing role: Role) -> Self {
        .problem(
            403,
            "this takes a token with the role \(role.rawValue)",
            headers: [Challenge.bearer(error: "insufficient_scope", scope: role).field]
        )
    }

    static func tooMany(after wait: Duration, _ detail: String) -> Self {
        let (seconds, attoseconds) = wait.components
        let rounded = max(1, seconds + (attoseconds > 0 ? 1 : 0))
        return .problem(429, "\(detail): try again in \(rounded) s", headers: [("Retry-After", "\(rounded)")])
    }
}
