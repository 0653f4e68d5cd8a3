import ExporterTestSupport
import NIOCore
import NIOPosix
import Testing

@testable import RedisClient

@Suite("RedisConnection with a hostile server", .timeLimit(.minutes(1)))
struct HostileServerTests {
    @Test(
        "a reply that is none, or too large, ends the command and the connection",
        arguments: [
            (
                .send("HTTP/1.1 400 Bad Request\r\n\r\n"), .protocolViolation,
                #"Protocol error, got "H" as reply type byte"#
            ),
            (.drip(":abc\r\n"), .protocolViolation, "Bad integer value"),
            (.drip("%1\r\n"), .protocolViolation, #"Protocol error, got "%" as reply type byte"#),
            (.send("$2147483647\r\nabc"), .tooLarge, "the reply has more than 8388608 bytes"),
            (.send("*2000000000\r\n"), .tooLarge, "the reply has more than 100000 elements"),
            (
                .drip("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n"), .tooLarge,
                "the reply has more than 7 levels of arrays"
            ),
            (.flood("+an endless line"), .tooLarge, "a line of the reply has more than 16384 bytes"),
        ] as [(ScriptedServer.Action, RedisError.Code, String)]
    )
    func badReply(action: ScriptedServer.Action, code: RedisError.Code, detail: String) async throws {
        let server = try await ScriptedServer.start(script: [[action]])
        let connection = try await RedisConnection.connect(toPort: server.port)
        let error = await failure { _ = try await connection.ask("GET", "key") }
        #expect(error?.code == code)
        #expect(error?.description == "redis GET at 127.0.0.1:\(server.port): \(detail)")
        #expect(!connection.isOpen)
        for await _ in server.closures { break }
        await server.stop()
    }

    @Test("an endless array of small elements ends at the limits")
    func endlessArray() async throws {
        let limits = RedisReplyLimits(maximumBytes: 64 << 10, maximumElements: .max, maximumDepth: 7)
        let server = try await ScriptedServer.start(
            script: [[.send("*2147483647\r\n"), .flood(String(repeating: ":1\r\n", count: 1000))]]
        )
        let connection = try await RedisConnection.connect(toPort: server.port, limits: limits)
        let error = await failure { _ = try await connection.ask("GET", "key") }
        #expect(error?.code == .tooLarge)
        #expect(error?.detail == "the reply has more than 65536 bytes")
        await server.stop()
    }

    @Test(
        "a connection that is closed ends the command, however much of the reply is there",
        arguments: ["", "$5\r\nhel", "*2\r\n:1\r\n"]
    )
    func closed(sent: String) async throws {
        let server = try await ScriptedServer.start(script: [[.send(sent), .close]])
        let connection = try await RedisConnection.connect(toPort: server.port)
        let error = await failure { _ = try await connection.ask("GET", "key") }
        #expect(error?.code == .closed)
        #expect(error?.writtenAt != nil)
        await server.stop()
    }

    @Test("half a reply ends at the deadline")
    func halfReply() async throws {
        let server = try await ScriptedServer.start(script: [[.drip("$5\r\nhel")]])
        let connection = try await RedisConnection.connect(toPort: server.port)
        let error = await failure { _ = try await connection.ask("GET", "key", within: .seconds(2)) }
        #expect(error?.code == .timeout)
        #expect(!connection.isOpen)
        await server.stop()
    }

    @Test("a reply that nobody asked for closes the connection", arguments: ["+OK\r\n", "?", "$5\r\nhel"])
    func unsolicited(greeting: String) async throws {
        let server = try await ScriptedServer.start(
            greeting: [.send(greeting)],
            script: [[.send("+PONG\r\n+PONG\r\n")]]
        )
        let connection = try await RedisConnection.connect(toPort: server.port)
        let reply = try? await connection.ask("PING")
        #expect(reply != .status("PONG"))
        for await _ in server.closures { break }
        #expect(await failure { _ = try await connection.ask("PING") }?.code == .closed)
        await server.stop()
    }

    @Test("a command that is cancelled ends at once; the others in flight are told that the connection was closed")
    func cancelled() async throws {
        let server = try await ScriptedServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        let errors = await withTaskGroup(of: RedisError?.self) { group in
            group.addTask {
                await withTaskGroup(of: RedisError?.self) { inner in
                    inner.addTask { await failure { _ = try await connection.ask("GET", "key", within: .hours(1)) } }
                    for await _ in server.arrivals { break }
                    inner.cancelAll()
                    return await inner.next() ?? nil
                }
            }
            group.addTask { await failure { _ = try await connection.ask("SET", "key", "1", within: .hours(1)) } }
            return await group.reduce(into: [:]) { $0[$1?.command] = $1?.code }
        }
        #expect(errors == ["GET": .cancelled, "SET": .closed])
        #expect(!connection.isOpen)
        await server.stop()
    }

    @Test("cancellation that is ignored changes nothing; the deadline still holds")
    func ignoringCancellation() async throws {
        let server = try await RedisServer.start()
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                let connection = try? await RedisConnection.connect(toPort: server.port)
                #expect(connection == nil)
                await #expect(throws: Never.self) {
                    let connection = try await RedisConnection.connect(
                        to: RedisAddress(host: "127.0.0.1", port: server.port, database: 1),
                        on: MultiThreadedEventLoopGroup.singleton.next(),
                        lookup: loopback,
                        deadline: .now() + .seconds(30),
                        ignoringCancellation: true
                    )
                    let deadline = NIODeadline.now() + .seconds(30)
                    _ = try await connection.send(["PING"], deadline: deadline, ignoringCancellation: true)
                    let late = await failure {
                        let deadline = NIODeadline.now() + .milliseconds(50)
                        _ = try await connection.send(
                            ["BLPOP", "key", "0"],
                            deadline: deadline,
                            ignoringCancellation: true
                        )
                    }
                    #expect(late?.code == .timeout)
                }
            }
        }
    }

    @Test("a timeout tells the others in flight that the connection was closed")
    func othersInFlight() async throws {
        let server = try await ScriptedServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        await withTaskGroup(of: RedisError?.self) { group in
            group.addTask { await failure { _ = try await connection.ask("GET", "key", within: .hours(1)) } }
            for await _ in server.arrivals { break }
            // One that is not written before its deadline ends nothing but itself.
            let late = await withNearDeadline { time in
                await failure { _ = try await connection.ask("GET", "key", within: time) }
            } hasBegun: {
                $0?.writtenAt != nil
            }
            #expect(late?.code == .timeout)
            #expect(await group.next()??.code == .closed)
        }
        await server.stop()
    }

    @Test("a connection that nobody holds any more is closed")
    func abandoned() async throws {
        let server = try await ScriptedServer.start(script: [[.send("+PONG\r\n")]])
        func leave() async throws {
            let connection = try await RedisConnection.connect(toPort: server.port)
            #expect(try await connection.ask("PING") == .status("PONG"))
        }
        try await leave()
        for await _ in server.closures { break }
        await server.stop()
    }
}
