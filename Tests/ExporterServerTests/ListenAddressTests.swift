import ExporterServer
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1))) struct ListenAddressTests {
    @Test(
        "an address is a host and a port, or a port for every address",
        arguments: [":10300", "127.0.0.1:10300", "[::1]:0", "localhost:10300", "[::]:65535", "a-b.example:1"]
    )
    func valid(text: String) throws {
        #expect(try ListenAddress(parsing: text).description == text)
    }

    @Test(
        "anything else is refused in one sentence",
        arguments: [
            "", ":", "10300", "localhost", "localhost:", ":http", ":65536", ":-1", ":+1", ":1 ", "::1:10300", "[::1]",
            "[::1:1", "::1]:1", "[localhost]:1", "http://a:1", "a b:1", "a/b:1", "user@a:1",
        ]
    )
    func invalid(text: String) {
        let error = #expect(throws: ServerError.self) { try ListenAddress(parsing: text) }
        #expect(
            error?.description == "listen on '\(text)': expected HOST:PORT or :PORT with a port from 0 to 65535"
        )
    }

    @Test("a taken port is known before anything is served, and the sockets bound before it are closed")
    func takenPort() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let first = try await BoundServer.bind([ListenAddress(parsing: "127.0.0.1:0")], group: group)
        let port = try #require(first.addresses.first?.port)
        let other = try await BoundServer.bind([ListenAddress(parsing: "127.0.0.1:0")], group: group)
        let free = try #require(other.addresses.first?.port)
        await other.close()
        let addresses = try [ListenAddress(parsing: "127.0.0.1:\(free)"), ListenAddress(parsing: "127.0.0.1:\(port)")]
        let error = await #expect(throws: ServerError.self) { try await BoundServer.bind(addresses, group: group) }
        #expect(error?.description == "listen on 127.0.0.1:\(port): address already in use")
        #expect(error?.code == .bind)
        let again = try await BoundServer.bind([addresses[0]], group: group)
        await again.close()
        await first.close()
    }

    @Test("a port that is taken for every address is an error too, not a reason for the other version of IP")
    func takenOnEveryAddress() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let first = try await BoundServer.bind([ListenAddress(parsing: ":0")], group: group)
        let port = try #require(first.addresses.first?.port)
        let address = try ListenAddress(parsing: ":\(port)")
        let error = await #expect(throws: ServerError.self) { try await BoundServer.bind([address], group: group) }
        #expect(error?.description == "listen on :\(port): address already in use")
        await first.close()
    }

    @Test(
        "an address that this machine does not have and a name that does not resolve are errors",
        arguments: [
            ("192.0.2.1:0", "listen on 192.0.2.1:0: cannot assign requested address"),
            ("host.invalid:0", "listen on host.invalid:0: the host name does not resolve"),
        ]
    )
    func unusable(text: String, description: String) async throws {
        let address = try ListenAddress(parsing: text)
        let error = await #expect(throws: ServerError.self) {
            try await BoundServer.bind([address], group: .singletonMultiThreadedEventLoopGroup)
        }
        #expect(error?.description == description)
    }

    @Test("a name is resolved")
    func name() async throws {
        let address = try ListenAddress(parsing: "localhost:0")
        let bound = try await BoundServer.bind([address], group: .singletonMultiThreadedEventLoopGroup)
        let port = try #require(bound.addresses.first?.port)
        #expect(["127.0.0.1:\(port)", "[::1]:\(port)"].contains(bound.addressTexts.first))
        await bound.close()
    }
}
