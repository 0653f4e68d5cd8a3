import ExporterTestSupport
import Foundation
import NIOCore
import Testing

@testable import RedisClient

@Suite("RedisConnection with a real server", .timeLimit(.minutes(1)))
struct RedisConnectionTests {
    @Test("commands get the replies of the server, whatever their type")
    func replies() async throws {
        let server = try await RedisServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        #expect(try await connection.ask("PING") == .status("PONG"))
        #expect(try await connection.ask("SET", "key", "välue\r\n") == .status("OK"))
        #expect(try await connection.ask("GET", "key") == .bulk(Array("välue\r\n".utf8)))
        #expect(try await connection.ask("GET", "missing") == .null)
        #expect(try await connection.ask("BLPOP", "missing", "0.01") == .null)
        #expect(try await connection.ask("INCRBY", "number", "-7") == .integer(-7))
        #expect(try await connection.ask("RPUSH", "list", "a", "") == .integer(2))
        #expect(try await connection.ask("LRANGE", "list", "0", "-1") == .array([.bulk([97]), .bulk([])]))
        #expect(try await connection.ask("LRANGE", "missing", "0", "-1") == .array([]))
        #expect(
            try await connection.ask("EVAL", "return {1, {false, 'x'}}", "0")
                == .array([.integer(1), .array([.null, .bulk([120])])])
        )
        #expect(try await connection.ask("INCR", "list").errorCode == "WRONGTYPE")
        #expect(try await connection.ask("NONSENSE", "s3cret").errorCode == "ERR")
        #expect(connection.isOpen)
        await connection.close()
        #expect(!connection.isOpen)
        await connection.close()
        let closed = await failure { _ = try await connection.ask("PING") }
        #expect(closed?.description == "redis PING at 127.0.0.1:\(server.port): the connection was closed")
        #expect(closed?.writtenAt == nil)
    }

    @Test("the instants of an exchange are in order, and the wait of the server is between them")
    func instants() async throws {
        let server = try await RedisServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        let before = NIODeadline.now()
        let exchange = try await connection.send(["BLPOP", "missing", "0.05"], deadline: .now() + .seconds(30))
        #expect(before <= exchange.writtenAt)
        #expect(exchange.writtenAt <= exchange.flushedAt)
        #expect(exchange.firstByteAt - exchange.flushedAt >= .milliseconds(40))
        #expect(exchange.firstByteAt <= exchange.receivedAt)
        #expect(exchange.receivedAt <= .now())
        #expect(connection.connectTimes.tls == nil)
        #expect(connection.connectTimes.connect > .zero)
    }

    @Test("commands that are sent at the same time are pipelined, and each gets its own reply")
    func pipelining() async throws {
        let server = try await RedisServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let reply = try await connection.ask("ECHO", "\(number)")
                    #expect(reply.text == "\(number)")
                }
            }
            try await group.waitForAll()
        }
        #expect(connection.isOpen)
    }

    @Test("a large value goes and comes whole; one beyond the limit is refused")
    func largeValues() async throws {
        let server = try await RedisServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        let value = [UInt8](repeating: 7, count: 8 << 20 - 20)
        let deadline = NIODeadline.now() + .seconds(30)
        #expect(try await connection.send([Array("SET".utf8), [1], value], deadline: deadline).reply == .status("OK"))
        #expect(try await connection.send([Array("GET".utf8), [1]], deadline: deadline).reply == .bulk(value))
        #expect(
            try await connection.ask("APPEND", "\u{1}", "twenty more characters") == .integer(Int64(value.count) + 22)
        )
        let error = await failure { _ = try await connection.ask("GET", "\u{1}") }
        #expect(error?.code == .tooLarge)
        #expect(error?.description == "redis GET at 127.0.0.1:\(server.port): the reply has more than 8388608 bytes")
        #expect(!connection.isOpen)
    }

    @Test("an empty command is refused, and nothing is written")
    func emptyCommand() async throws {
        let server = try await RedisServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        let error = await failure { _ = try await connection.send([] as [String], deadline: .now() + .seconds(30)) }
        #expect(error?.code == .invalidCommand)
        #expect(try await connection.ask("PING") == .status("PONG"))
    }

    @Test("a server that stands still ends the command at its deadline, and the connection with it")
    func stopped() async throws {
        let server = try await RedisServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        server.process.signal(SIGSTOP)
        defer { server.process.signal(SIGCONT) }
        let error = await failure { _ = try await connection.ask("GET", "s3cret", within: .milliseconds(500)) }
        #expect(error?.code == .timeout)
        #expect(error?.description.hasPrefix("redis GET at 127.0.0.1:\(server.port): timed out after ") == true)
        #expect(error?.writtenAt != nil)
        #expect(!connection.isOpen)
    }

    @Test("a deadline that has passed sends nothing, and the connection stays open")
    func deadlinePassed() async throws {
        let server = try await RedisServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        let error = await failure { _ = try await connection.ask("SET", "key", "value", within: .zero) }
        #expect(error?.code == .timeout)
        #expect(error?.writtenAt == nil)
        #expect(try await connection.ask("GET", "key") == .null)
    }

    @Test("a killed server ends every command in flight, and the connection is not open any more")
    func killed() async throws {
        let server = try await RedisServer.start()
        let connection = try await RedisConnection.connect(toPort: server.port)
        let observer = try await RedisConnection.connect(toPort: server.port)
        await withTaskGroup(of: RedisError?.self) { group in
            for key in ["a", "b"] {
                group.addTask { await failure { _ = try await connection.ask("BLPOP", key, "0") } }
            }
            _ = try? await observer.ask("PING")
            await server.process.kill()
            for await error in group { #expect(error?.code == .closed) }
        }
        #expect(!connection.isOpen)
    }
}
