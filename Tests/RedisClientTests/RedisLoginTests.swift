import ExporterTestSupport
import NIOCore
import Testing

@testable import RedisClient

@Suite("The login of a RedisConnection", .timeLimit(.minutes(1)))
struct RedisLoginTests {
    @Test("a password alone is that of the default user")
    func password() async throws {
        let server = try await RedisServer.start(arguments: ["--requirepass", "s3cret"])
        var address = RedisAddress(host: "127.0.0.1", port: server.port, password: "s3cret")
        let connection = try await RedisConnection.connect(to: address)
        #expect(try await connection.ask("ACL", "WHOAMI").text == "default")

        address.password = "wr0ng"
        let refused = await failure { _ = try await RedisConnection.connect(to: address) }
        #expect(refused?.code == .authentication)
        #expect(refused?.description == "redis AUTH at 127.0.0.1:\(server.port): the server answered WRONGPASS")

        address.password = nil
        let unauthenticated = try await RedisConnection.connect(to: address)
        #expect(try await unauthenticated.ask("GET", "key").errorCode == "NOAUTH")
        address.database = 1
        let unselected = await failure { _ = try await RedisConnection.connect(to: address) }
        #expect(unselected?.code == .authentication)
        #expect(unselected?.description == "redis SELECT at 127.0.0.1:\(server.port): the server answered NOAUTH")
    }

    @Test("a user logs in with name and password, or with a name alone that needs no password")
    func user() async throws {
        let server = try await RedisServer.start(arguments: [
            "--user", "probe", "on", ">s3cret", "~*", "+@all", "--user", "guest", "on", "nopass", "~*", "+@all",
        ])
        for (name, password) in [("probe", "s3cret"), ("guest", nil)] {
            let address = RedisAddress(host: "127.0.0.1", port: server.port, username: name, password: password)
            let connection = try await RedisConnection.connect(to: address)
            #expect(try await connection.ask("ACL", "WHOAMI").text == name)
        }
        let address = RedisAddress(host: "127.0.0.1", port: server.port, username: "probe", password: "wr0ng")
        let refused = await failure { _ = try await RedisConnection.connect(to: address) }
        #expect(refused?.code == .authentication)
    }

    @Test("the database is selected once; one that is not there is an error")
    func database() async throws {
        let server = try await RedisServer.start()
        var address = RedisAddress(host: "127.0.0.1", port: server.port, database: 3)
        let connection = try await RedisConnection.connect(to: address)
        #expect(try await connection.ask("SET", "key", "value") == .status("OK"))
        let other = try await RedisConnection.connect(toPort: server.port)
        #expect(try await other.ask("GET", "key") == .null)
        #expect(try await other.ask("SELECT", "3") == .status("OK"))
        #expect(try await other.ask("GET", "key").text == "value")

        address.database = 99
        let error = await failure { _ = try await RedisConnection.connect(to: address) }
        #expect(error?.code == .database)
        #expect(error?.description == "redis SELECT at 127.0.0.1:\(server.port): the server answered ERR")
    }

    @Test("a server that repeats the password in its error does not bring it into ours")
    func echoedPassword() async throws {
        let server = try await ScriptedServer.start(script: [[.send("-s3cret is unknown\r\n")]])
        let address = RedisAddress(host: "127.0.0.1", port: server.port, password: "s3cret")
        let error = await failure { _ = try await RedisConnection.connect(to: address) }
        #expect(error?.code == .authentication)
        #expect(error?.description == "redis AUTH at 127.0.0.1:\(server.port): the server answered error")
        await server.stop()
    }
}
