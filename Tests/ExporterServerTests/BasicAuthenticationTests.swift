import ExporterServer
import NIOCore
import Testing

@Suite("Users and passwords", .timeLimit(.minutes(1)))
struct BasicAuthenticationTests {
    private static let routes = [
        Route(path: "/metrics", handler: "metrics") { _ in .text(200, "metrics") }
    ]

    private static func run(_ body: (RunningServer, SecurityUnderTest) async throws -> Void) async throws {
        let security = SecurityUnderTest(web: WebSettings(users: ["alice": try .openSesame()]))
        try await RunningServer.run(routes: routes, security: security.make()) { try await body($0, security) }
    }

    private static let challenge = "WWW-Authenticate: Basic realm=\"ai-benchmark-exporter\", charset=\"UTF-8\""

    @Test("whoever knows the password is let in, and whoever does not is told how")
    func password() async throws {
        try await Self.run { server, _ in
            func ask(_ fields: String..., path: String = "/metrics") async throws -> [String] {
                essence(try await RawConnection.exchange(get(path, fields), with: server.address))
            }
            let welcome = try await ask(basic("alice", "open sesame"))
            #expect(welcome == ["HTTP/1.1 200 OK", "metrics"])
            let problem = "Content-Type: application/problem+json"
            #expect(
                try await ask() == [
                    "HTTP/1.1 401 Unauthorized", problem, Self.challenge,
                    #"{"detail":"this takes a user and a password","status":401,"title":"Unauthorized"}"#,
                ]
            )
            let wrong = [
                "HTTP/1.1 401 Unauthorized", problem, Self.challenge,
                #"{"detail":"the user or the password is wrong","status":401,"title":"Unauthorized"}"#,
            ]
            #expect(try await ask(basic("alice", "open")) == wrong)
            #expect(try await ask(basic("bob", "open sesame")) == wrong)
            #expect(try await ask(basic("alice", "open sesame"), path: "/nothing").first == "HTTP/1.1 404 Not Found")
            #expect(try await ask(path: "/nothing").first == "HTTP/1.1 401 Unauthorized")
            #expect(try await ask("Authorization: Basic !").first == "HTTP/1.1 401 Unauthorized")
            #expect(
                server.responses.all == [
                    "metrics 200", "metrics 401", "metrics 401", "metrics 401", "none 404", "none 401", "metrics 401",
                ]
            )
        }
    }

    @Test("ten failed logins of an address lock its passwords out, even the right one, until time passes")
    func failures() async throws {
        try await Self.run { server, security in
            func status(_ field: String) async throws -> String {
                try await RawConnection.exchange(get("/metrics", [field]), with: server.address)
            }
            for _ in 0..<20 { #expect(try await status(basic("alice", "open sesame")).hasPrefix("HTTP/1.1 200")) }
            for _ in 0..<10 { #expect(try await status(basic("alice", "guess")).hasPrefix("HTTP/1.1 401")) }
            #expect(
                essence(try await status(basic("alice", "open sesame"))) == [
                    "HTTP/1.1 429 Too Many Requests", "Content-Type: application/problem+json", "Retry-After: 10",
                    #"{"detail":"too many failed logins from this address: try again in 10 s","#
                        + #""status":429,"title":"Too Many Requests"}"#,
                ]
            )
            security.advance(by: .seconds(10))
            let welcome = try await status(basic("alice", "open sesame"))
            #expect(welcome.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("a password that is known to be right is not counted, however many use it at once")
    func simultaneous() async throws {
        try await Self.run { server, _ in
            let request = get("/metrics", [basic("alice", "open sesame")])
            _ = try await RawConnection.exchange(request, with: server.address)
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<40 {
                    group.addTask { try await RawConnection.exchange(request, with: server.address) }
                }
                for try await answer in group { #expect(answer.hasPrefix("HTTP/1.1 200")) }
            }
        }
    }

    @Test("what is no request is refused before anybody looks at a password")
    func framing() async throws {
        try await Self.run { server, _ in
            let request = "GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"
            let answer = try await RawConnection.exchange(request, with: server.address)
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test("headers of the web configuration are on every answer, and win over those of a route")
    func headers() async throws {
        let route = Route(path: "/page", handler: "page") { _ in
            .text(200, "page", headers: [("Content-Security-Policy", "default-src 'self'")])
        }
        let web = WebSettings(headers: [
            ("Content-Security-Policy", "default-src 'none'"), ("X-Frame-Options", "deny"),
            ("X-Content-Type-Options", "nosniff"),
        ])
        try await RunningServer.run(routes: [route], security: ServerSecurity(web: web)) { server in
            let requests = [get("/page"), get("/nothing"), "nonsense\r\n\r\n", "GET /page HTTP/1.1\r\n\r\n"]
            for request in requests {
                let answer = try await RawConnection.exchange(request, with: server.address)
                for field in ["Content-Security-Policy: default-src 'none'", "X-Frame-Options: deny"] {
                    #expect(answer.contains("\r\n\(field)\r\n"))
                }
                #expect(answer.split(separator: "Content-Security-Policy").count == 2)
                #expect(answer.split(separator: "nosniff").count == 2)
            }
        }
    }

    @Test("the limit of the web configuration is one for all clients, and comes first")
    func rateLimit() async throws {
        let limit = RateLimit(interval: .milliseconds(2500), burst: 2)
        let security = SecurityUnderTest(web: WebSettings(users: ["alice": try .openSesame()], rateLimit: limit))
        try await RunningServer.run(routes: Self.routes, security: security.make()) { server in
            func answer() async throws -> String {
                try await RawConnection.exchange(get("/metrics", [basic("alice", "open sesame")]), with: server.address)
            }
            for _ in 0..<2 { #expect(try await answer().hasPrefix("HTTP/1.1 200")) }
            let refused = try await answer()
            #expect(refused.hasPrefix("HTTP/1.1 429"))
            #expect(refused.contains("\r\nRetry-After: 3\r\n"))
            security.advance(by: .milliseconds(2500))
            #expect(try await answer().hasPrefix("HTTP/1.1 200"))
            #expect(try await answer().hasPrefix("HTTP/1.1 429"))
        }
    }
}
