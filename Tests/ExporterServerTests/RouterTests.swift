import Testing

@testable import ExporterServer

@Suite("paths with parameters") struct RouterTests {
    private static let router = Router([
        Route(path: "/runs/{id}", handler: "run", role: .read) { _ in .text(200, "run") },
        Route(path: "/runs/{id}", handler: "cancel", methods: ["DELETE"], role: .admin) { _ in .text(200, "cancelled")
        },
        Route(path: "/runs/latest", handler: "latest") { _ in .text(200, "latest") },
        Route(path: "/api", handler: "api", methods: [], role: .read) { _ in .text(200, "folder") },
        Route(path: "/api/status", handler: "status", role: .admin) { _ in .text(200, "status") },
    ])

    @Test(
        "a segment in braces takes any name, decoded",
        arguments: [
            ("/runs/7", "7"), ("/runs/a%20b", "a b"), ("/runs/%C3%A9", "é"), ("/runs/a+b", "a+b"), ("/runs/%25", "%"),
            ("/runs/..a", "..a"),
        ]
    )
    func parameter(path: String, id: String) throws {
        guard case .route(let route, let parameters) = Self.router.match(method: "GET", path: path) else {
            throw CancellationError()
        }
        #expect(route.handler == "run")
        #expect(parameters == ["id": id])
    }

    @Test(
        "what is no name, or leads elsewhere, is found nowhere",
        arguments: [
            "/runs/", "/runs/.", "/runs/..", "/runs/%2e%2E", "/runs/a%2Fb", "/runs/a%5Cb", "/runs/a%00", "/runs/a%0Ab",
            "/runs/%", "/runs/%2", "/runs/%zz", "/runs/%FF",
        ]
    )
    func noName(path: String) {
        guard case .refusal(let response, let route, _) = Self.router.match(method: "GET", path: path) else {
            Issue.record("\(path) was found")
            return
        }
        #expect(response.status == 404)
        #expect(route?.role == .read)
    }

    @Test("an exact path comes first, and another number of segments is another path")
    func exact() {
        #expect(Self.router.match(method: "GET", path: "/runs/latest").handler == "latest")
        for path in ["/runs", "/runs/1/2", "//runs/1", "/Runs/1"] {
            #expect(Self.router.match(method: "GET", path: path).route == nil)
        }
    }

    @Test(
        "below a folder whatever is no other route's is found nowhere, which its role may know",
        arguments: ["/api", "/api/", "/api/nothing", "/api/status/", "/api/a/b%2Fc"]
    )
    func folder(path: String) {
        for method in ["GET", "POST", "DELETE"] {
            guard case .refusal(let response, let route, _) = Self.router.match(method: method, path: path) else {
                Issue.record("\(path) was found")
                return
            }
            #expect(response.status == 404)
            #expect(response.contentType == "application/problem+json")
            #expect(route?.role == .read)
        }
        #expect(Self.router.match(method: "GET", path: "/api/status").handler == "status")
        #expect(Self.router.match(method: "GET", path: "/apis").route == nil)
    }

    @Test("a wrong method is told to those who may do the least of what is there")
    func wrongMethod() {
        guard case .refusal(let response, let route, _) = Self.router.match(method: "PUT", path: "/runs/1") else {
            Issue.record("the method was taken")
            return
        }
        #expect(response.status == 405)
        #expect(response.headers.map(\.value) == ["GET, HEAD, DELETE"])
        #expect(route?.role == .read)
    }
}
