import Testing

@testable import ExporterConfiguration

@Suite("URLs of targets and stores")
struct URLTextTests {
    @Test(
        "a base URL has a host, a port and a prefix",
        arguments: [
            ("http://a", HTTPBaseURL(isSecure: false, host: "a", port: 80, pathPrefix: "")),
            ("HTTPS://a.example/", HTTPBaseURL(isSecure: true, host: "a.example", port: 443, pathPrefix: "")),
            (
                "http://10.0.0.1:8080/v1//",
                HTTPBaseURL(isSecure: false, host: "10.0.0.1", port: 8080, pathPrefix: "/v1")
            ),
            ("https://[::1]:1/a/b%20c", HTTPBaseURL(isSecure: true, host: "::1", port: 1, pathPrefix: "/a/b%20c")),
            ("http://my_service:", HTTPBaseURL(isSecure: false, host: "my_service", port: 80, pathPrefix: "")),
        ]
    )
    func baseURL(text: String, url: HTTPBaseURL) throws {
        #expect(try HTTPBaseURL(parsing: text) == url)
    }

    @Test(
        "a Redis URL has credentials, a host, a port and a database",
        arguments: [
            ("redis://h", "h", 6379, nil, nil, 0, false), ("rediss://h:1/15", "h", 1, nil, nil, 15, true),
            ("redis://:p%40s%2Fs@h/", "h", 6379, nil, "p@s/s", 0, false),
            ("redis://user:p:w@[::1]:6380/1", "::1", 6380, "user", "p:w", 1, false),
        ] as [(String, String, Int, String?, String?, Int, Bool)]
    )
    func redisURL(
        text: String,
        host: String,
        port: Int,
        user: String?,
        password: String?,
        database: Int,
        isSecure: Bool
    ) throws {
        let endpoint = try RedisEndpoint(parsing: text)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.username == user)
        #expect(endpoint.password?.reveal == password)
        #expect(endpoint.database == database)
        #expect((endpoint.tls != nil) == isSecure)
    }

    @Test(
        "a Redis URL may name a Unix-domain socket",
        arguments: [
            ("unix:///run/redis.sock", "/run/redis.sock", nil, nil, 0),
            ("UNIX:///run/a%20b.sock?db=3", "/run/a b.sock", nil, nil, 3),
            ("unix://user:p%40s@/run/redis.sock?db=1", "/run/redis.sock", "user", "p@s", 1),
            ("unix://:pw@/redis.sock", "/redis.sock", nil, "pw", 0),
        ] as [(String, String, String?, String?, Int)]
    )
    func redisSocket(text: String, path: String, user: String?, password: String?, database: Int) throws {
        let endpoint = try RedisEndpoint(parsing: text)
        #expect(endpoint.socketPath == path)
        #expect(endpoint.username == user)
        #expect(endpoint.password?.reveal == password)
        #expect(endpoint.database == database)
        #expect(endpoint.tls == nil)
        #expect(try StoreLocation(parsing: text) == .redis(endpoint))
    }

    @Test(
        "a store is a file, a server or nothing",
        arguments: [
            ("none", StoreLocation.none), ("sqlite:a.db", .sqlite(path: "a.db")),
            ("sqlite:/var/lib/a b.db", .sqlite(path: "/var/lib/a b.db")),
            ("SQLite::memory:", .sqlite(path: ":memory:")),
        ]
    )
    func store(text: String, location: StoreLocation) throws {
        #expect(try StoreLocation(parsing: text) == location)
    }

    @Test(
        "no problem with a URL shows more of it than the scheme",
        arguments: [
            "redis://canary@h", "redis://u:canary@h:99999", "redis://u:canary@", "redis://u:can ary@h",
            "redis://u:canary@h/x", "redis://u:canary@h?x=1", "redis://u:canary@h#x", "redis://u:canary@h/9999999999",
            "redis://u:canary%zz@h", "redis://:canary%FF@h", "redis://canary@canary@h", "http://u:canary@h",
            "none:canary", "//u:canary@h", "u canary@h", "redis+cluster://u:canary@h", "redis://[canary",
            "redis://h/%00canary", "unix://u:canary@h/x", "unix://u:canary@/x?canary=1", "unix://u:canary@/x?db=canary",
            "unix://canary@/x", "unix://u:canary@/", "unix:canary", "unix://:1/canary", "unix:///canary#x",
            "unix:///%00canary",
        ]
    )
    func secrecy(text: String) throws {
        let problem = try #require(throws: ValueProblem.self) { try StoreLocation(parsing: text) }
        #expect(!problem.description.contains("canary"))
    }
}
