import BenchmarkModel
import ExporterTestSupport
import Foundation
import NIOCore
import NIOPosix
import RedisClient
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("RedisProbe", .timeLimit(.minutes(1)))
struct RedisProbeTests {
    @Test("a right reply is a success, with its duration and its phases")
    func success() async throws {
        let server = try await RedisServer.start()
        let probe = redisProbe(server.port, [["SET", "key", "value"]], ["GET", "key"], value: .string("value"))
        #expect(try await probe.prepare(deadline: soon) == nil)
        let outcome = try await probe.execute(deadline: soon)
        #expect(outcome.failure == nil)
        #expect(outcome.duration > .zero)
        #expect(Set(outcome.phases.keys) == [.request, .wait, .transfer])
        #expect(outcome.phases.values.reduce(.zero, +) == outcome.duration)
        #expect(outcome.languageModel == nil)
        await probe.close()
        let fresh = try await probe.execute(deadline: soon)
        #expect(fresh.failure == nil)
        #expect(Set(fresh.phases.keys) == [.connect, .request, .wait, .transfer])
        let named = try await redisProbe(server.port, [], ["GET", "key"], host: "cache.test").execute(deadline: soon)
        #expect(Set(named.phases.keys) == [.dns, .connect, .request, .wait, .transfer])
    }

    @Test("a server that takes a command and closes without a reply has cut its answer off, and is not asked again")
    func unanswered() async throws {
        for prepare in [[], [["PING"]]] {
            let server = try await RedisServer.start()
            let probe = redisProbe(server.port, prepare, ["SHUTDOWN", "NOSAVE"])
            #expect(try await probe.prepare(deadline: soon) == nil)
            // Asked again, over a new connection, it would be a failure to connect.
            let outcome = try await probe.execute(deadline: soon)
            let detail = "redis SHUTDOWN at 127.0.0.1:\(server.port): the connection was closed"
            #expect(outcome.failure == IterationFailure(.truncated, detail))
        }
    }

    @Test(
        "a reply that is not the right one is a validation failure, and says nothing of its content",
        arguments: [
            (
                ["GET", "text"], .string("other"), nil,
                "redis GET at %: the reply is a text of 5 bytes, not the expected value"
            ),
            (["GET", "missing"], .string("value"), nil, "redis GET at %: the reply is nil, not the expected value"),
            (["GET", "text"], .null, nil, "redis GET at %: the reply is a text of 5 bytes, not the expected value"),
            (
                ["STRLEN", "text"], .number(6), nil,
                "redis STRLEN at %: the reply is an integer, not the expected value"
            ),
            (["LRANGE", "list", "0", "-1"], nil, 3, "redis LRANGE at %: the reply has 2 elements, not 3"),
            (["GET", "text"], nil, 2, "redis GET at %: the reply is a text of 5 bytes, not an array of 2 elements"),
            (["INCR", "list"], nil, nil, "redis INCR at %: the server answered WRONGTYPE"),
            (["NONSENSE", "s3cret"], .string("value"), nil, "redis NONSENSE at %: the server answered ERR"),
        ] as [([String], JSONScalar?, Int?, String)]
    )
    func validation(command: [String], value: JSONScalar?, elements: Int?, detail: String) async throws {
        let server = try await RedisServer.start()
        let prepare = [["SET", "text", "value"], ["RPUSH", "list", "a", "b"]]
        let probe = redisProbe(server.port, prepare, command, value: value, elements: elements)
        #expect(try await probe.prepare(deadline: soon) == nil)
        let failure = try await probe.execute(deadline: soon).failure
        #expect(failure?.reason == .validation)
        #expect(failure?.detail == detail.replacingOccurrences(of: "%", with: "127.0.0.1:\(server.port)"))
    }

    @Test("an error reply while preparing is the failure of the run, and names only the command")
    func failedPreparation() async throws {
        let server = try await RedisServer.start()
        let probe = redisProbe(
            server.port,
            [["SET", "key", "s3cret"], ["INCR", "key"], ["SET", "key", "later"]],
            ["GET", "key"]
        )
        let failure = try await probe.prepare(deadline: soon)
        let detail = "redis INCR at 127.0.0.1:\(server.port): the server answered ERR"
        #expect(failure == IterationFailure(.validation, detail))
        #expect(try await ask(server, "GET", "key").text == "s3cret")
    }

    @Test("the cleanup leaves no key behind, whatever failed before it and even when the run was cancelled")
    func cleanup() async throws {
        let server = try await RedisServer.start()
        let cleanup = [["INCR", "key"], ["DEL", "key"]]
        let probe = redisProbe(server.port, [["SET", "key", "value"]], ["GET", "key"], cleanup: cleanup)
        for isCancelled in [false, true] {
            #expect(try await probe.prepare(deadline: soon) == nil)
            #expect(try await ask(server, "DBSIZE") == .integer(1))
            await probe.close()
            await withTaskGroup(of: Void.self) { group in
                if isCancelled { group.cancelAll() }
                group.addTask { await probe.cleanUp(deadline: soon) }
            }
            #expect(try await ask(server, "DBSIZE") == .integer(0))
        }
    }

    @Test("five workers at once have a connection each, and use them again")
    func workers() async throws {
        let server = try await RedisServer.start()
        let probe = redisProbe(server.port, [], ["BLPOP", "missing", "0.5"], value: .null)
        for _ in 0..<2 {
            try await withThrowingTaskGroup(of: IterationOutcome.self) { group in
                for _ in 0..<5 { group.addTask { try await probe.execute(deadline: soon) } }
                for try await outcome in group {
                    #expect(outcome.failure == nil)
                    #expect(outcome.duration >= .milliseconds(400))
                }
            }
        }
        // Five of the probe, and the one that asks.
        #expect(try await ask(server, "INFO", "stats").text?.contains("total_connections_received:6\r\n") == true)
    }

    @Test("a connection that the server closed meanwhile is replaced, and no iteration fails of it")
    func staleConnection() async throws {
        let server = try await RedisServer.start()
        let probe = redisProbe(server.port, [], ["PING"], value: .string("PONG"))
        for _ in 0..<3 {
            #expect(try await probe.execute(deadline: soon).failure == nil)
            #expect(try await ask(server, "CLIENT", "KILL", "SKIPME", "yes", "TYPE", "normal") == .integer(1))
        }
        #expect(try await probe.execute(deadline: soon).failure == nil)
    }

    @Test("a connection that has been idle for too long is not used again, and is closed")
    func idleForTooLong() async throws {
        let server = try await RedisServer.start()
        let probe = redisProbe(server.port, [], ["PING"], idleLimit: .zero)
        for _ in 0..<3 {
            let outcome = try await probe.execute(deadline: soon)
            #expect(outcome.failure == nil)
            #expect(Set(outcome.phases.keys) == [.connect, .request, .wait, .transfer])
        }
        await probe.close()
        // What the probe closed first, the server has noticed before it answers what was asked later.
        #expect(try await ask(server, "INFO", "clients").text?.contains("connected_clients:1\r\n") == true)
    }

    @Test("a server that stands still is a timeout, that of a connection which is ready and that of a new one")
    func stopped() async throws {
        let server = try await RedisServer.start()
        let probe = redisProbe(server.port, [], ["GET", "key"])
        #expect(try await probe.execute(deadline: soon).failure == nil)
        server.process.signal(SIGSTOP)
        for _ in 0..<2 {
            let outcome = try await probe.execute(deadline: .now() + .milliseconds(300))
            #expect(outcome.failure?.reason == .timeout)
            #expect(outcome.failure?.detail.contains(" at 127.0.0.1:\(server.port): timed out after ") == true)
            #expect(outcome.duration > .zero)
        }
        server.process.signal(SIGCONT)
        #expect(try await probe.execute(deadline: soon).failure == nil)
    }

    @Test("a killed server is a failure to connect, until another one takes its place")
    func killed() async throws {
        let (server, other) = (try await RedisServer.start(), try await RedisServer.start())
        let probe = redisProbe(server.port, [], ["GET", "key"])
        #expect(try await probe.execute(deadline: soon).failure == nil)
        await server.process.kill()
        #expect(try await ask(other, "PING") == .status("PONG"))
        for _ in 0..<2 {
            let failure = try await probe.execute(deadline: soon).failure
            let detail = "connecting to redis at 127.0.0.1:\(server.port): Connection refused"
            #expect(failure == IterationFailure(.connect, detail))
        }
        #expect(try await probe.prepare(deadline: soon) == nil)
        let next = try await RedisServer.start(port: server.port)
        #expect(try await probe.execute(deadline: soon).failure == nil)
        #expect(next.port == server.port)
    }

    @Test("each way to fail has its reason")
    func reasons() async throws {
        struct NoSuchName: Error {}
        let server = try await RedisServer.start(arguments: ["--requirepass", "s3cret"])
        let wrong = redisProbe(server.port, [["PING"]], ["PING"], password: "wr0ng")
        #expect(try await wrong.execute(deadline: soon).failure?.reason == .protocol)
        #expect(try await wrong.prepare(deadline: soon)?.reason == .protocol)
        let unknown = redisProbe(server.port, [], ["PING"], lookup: { _, _, _ in throw NoSuchName() })
        #expect(try await unknown.execute(deadline: soon).failure?.reason == .dns)
        let tooLarge = redisProbe(
            server.port,
            [],
            ["EVAL", "return string.rep('x', 9000000)", "0"],
            password: "s3cret"
        )
        #expect(try await tooLarge.execute(deadline: soon).failure?.reason == .tooLarge)
        let authorities = TLSDefinition(certificateAuthorityFile: "/nowhere/ca.pem")
        let secure = redisProbe(server.port, [], ["PING"], tls: authorities)
        #expect(try await secure.execute(deadline: soon).failure?.reason == .tls)
        let empty = redisProbe(server.port, [], [], password: "s3cret")
        #expect(try await empty.execute(deadline: soon).failure?.reason == .other)
    }

    @Test("an iteration that is cancelled throws, and is no outcome")
    func cancelled() async throws {
        let server = try await RedisServer.start()
        let probe = redisProbe(server.port, [["PING"]], ["PING"])
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                await #expect(throws: CancellationError.self) { try await probe.execute(deadline: soon) }
                await #expect(throws: CancellationError.self) { try await probe.prepare(deadline: soon) }
            }
        }
    }
}

private var soon: NIODeadline { .now() + .seconds(30) }

private func redisProbe(
    _ port: Int,
    _ prepare: [[String]],
    _ command: [String],
    cleanup: [[String]] = [],
    value: JSONScalar? = nil,
    elements: Int? = nil,
    password: String? = nil,
    tls: TLSDefinition? = nil,
    host: String = "127.0.0.1",
    idleLimit: TimeAmount = .hours(1),
    lookup: @escaping RedisNameLookup = { _, port, _ in [try SocketAddress(ipAddress: "127.0.0.1", port: port)] }
) -> RedisProbe {
    RedisProbe(
        RedisProbeDefinition(
            prepare: prepare,
            command: command,
            cleanup: cleanup,
            expect: RedisExpectation(value: value, elements: elements)
        ),
        pool: RedisConnectionPool(
            address: RedisAddress(
                RedisEndpoint(
                    host: host,
                    port: port,
                    username: nil,
                    password: password.map(Secret.init),
                    database: 0,
                    tls: tls
                )
            ),
            eventLoopGroup: eventLoop,
            idleLimit: idleLimit,
            lookup: lookup
        )
    )
}

/// That of everything here: it has seen the end of a connection when it sees a reply that was sent later over another one.
private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

/// What the server answers to a command that no probe has to do with.
private func ask(_ server: RedisServer, _ command: String...) async throws -> RedisValue {
    let connection = try await RedisConnection.connect(
        to: RedisAddress(host: "127.0.0.1", port: server.port),
        on: eventLoop,
        lookup: { _, port, _ in [try SocketAddress(ipAddress: "127.0.0.1", port: port)] },
        deadline: soon
    )
    let reply = try await connection.send(command, deadline: soon).reply
    await connection.close()
    return reply
}
