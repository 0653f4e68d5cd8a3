// What a service can do to the exporter, and the reason that is counted for it: one table a protocol, here and in the other
// suites of hostile services.
//
// Whatever it does, an iteration ends at its deadline and costs a few megabytes. How soon after the deadline depends on the
// machine, and no test looks at it; Scripts/measure-hostile prints the figures of each behaviour, in a process of its own.

import BenchmarkModel
import ExporterTestSupport
import NIOCore
import NIOPosix
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("Hostile services", .timeLimit(.minutes(1)))
struct HostileServiceTests {
    typealias Behaviour = HostileBehaviour

    @Test(
        "over HTTP",
        arguments: [
            Behaviour("closes at once", .truncated, "no answer: the connection was closed", .close),
            Behaviour("resets at once", .truncated, "no answer: Connection reset by peer", .reset),
            Behaviour("never answers", .timeout, "timed out waiting for the answer"),
            Behaviour(
                "closes in the head",
                .truncated,
                "the answer ended in its head: the connection was closed",
                .send("HTTP/1.1 200 OK\r\nServer: x"),
                .close
            ),
            Behaviour(
                "resets in the head",
                .truncated,
                "the answer ended in its head: Connection reset by peer",
                .send("HTTP/1.1 200 OK\r\nServer: x"),
                .pause(.milliseconds(300)),
                .reset
            ),
            Behaviour(
                "stops in the head",
                .timeout,
                "timed out in the head of the answer",
                .send("HTTP/1.1 200 OK\r\nX")
            ),
            Behaviour(
                "drips its head",
                .timeout,
                "timed out in the head of the answer",
                drips: "HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 1000)
            ),
            Behaviour(
                "sends headers without end",
                .tooLarge,
                "the head of the answer is too large",
                .send("HTTP/1.1 200 OK\r\n"),
                .sendForever("X: y\r\n")
            ),
            Behaviour(
                "sends a huge header",
                .tooLarge,
                "the head of the answer is too large",
                .send("HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 70_000))
            ),
            Behaviour(
                "sends interim answers without end",
                .timeout,
                "timed out in the head of the answer",
                .sendForever("HTTP/1.1 102 Processing\r\n\r\n")
            ),
            Behaviour(
                "closes before the end of the body",
                .truncated,
                "the answer ended after 3 bytes of the body: the connection was closed",
                .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
                .close
            ),
            Behaviour(
                "closes between chunks",
                .truncated,
                "the answer ended after 3 bytes of the body: the connection was closed",
                .send(chunked + "3\r\nabc\r\n"),
                .close
            ),
            Behaviour(
                "resets in the body",
                .truncated,
                "the answer ended after 3 bytes of the body: Connection reset by peer",
                .send(chunked + "3\r\nabc\r\n"),
                .pause(.milliseconds(300)),
                .reset
            ),
            Behaviour(
                "stops in the body",
                .timeout,
                "timed out after 3 bytes of the body",
                .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            ),
            Behaviour(
                "sends a body without end",
                .tooLarge,
                "the body is larger than 8388608 bytes",
                .send("HTTP/1.1 200 OK\r\n\r\n"),
                .sendForever(String(repeating: "y", count: 65_536))
            ),
            Behaviour(
                "sends a chunk without a size",
                .protocol,
                "the answer is not HTTP/1.1: invalid character in chunk size header",
                .send(chunked + "xyz\r\n")
            ),
            Behaviour(
                "sends a chunk of 2^64 bytes",
                .protocol,
                "the answer is not HTTP/1.1: invalid character in chunk size header",
                .send(chunked + "10000000000000000\r\n")
            ),
            Behaviour(
                "speaks SSH",
                .protocol,
                "the answer is not HTTP/1.1: invalid constant string",
                .send("SSH-2.0-OpenSSH_9.2\r\n")
            ),
            Behaviour(
                "speaks HTTP/2",
                .protocol,
                "the answer is not HTTP/1.1: invalid HTTP version",
                .send("HTTP/2.0 200 OK\r\n\r\n")
            ),
            Behaviour(
                "switches protocols",
                .protocol,
                "the answer switches protocols, which was not asked for",
                .send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
            ),
            Behaviour("compresses a body that nobody looks at", .answer(.gzip, headers: ["Content-Encoding: gzip"])),
        ]
    )
    func http(_ behaviour: Behaviour) async throws {
        let service = try await ScriptedService.start([.awaitRequest] + behaviour.steps)
        let target = HTTPTarget.local(service.port)
        let connections: [ConnectionPolicy] = behaviour.reason == .timeout ? [.warm] : [.warm, .cold]
        for connection in connections {
            let definition = HTTPProbeDefinition(method: "GET", path: "/x?key=secret", connection: connection)
            let probe = HTTPProbe(definition, target: target, transport: HTTPTransport(to: target))
            try await behaviour.expectFailure(of: probe, "GET http://127.0.0.1:\(service.port)/x")
        }
        if behaviour.reason != nil {
            await service.wait { $0.closedConnections >= connections.count && $0.closedConnections == $0.connections }
        }
    }

    @Test(
        "with a body that somebody looks at",
        arguments: [
            (
                Behaviour(
                    "compresses it",
                    .protocol,
                    "the body has the content coding 'gzip', which is not undone",
                    .answer(.gzip, headers: ["Content-Encoding: gzip"])
                ),
                HTTPExpectation(bodyContains: "ready")
            ),
            (
                Behaviour(
                    "makes a regular expression go on for years",
                    .timeout,
                    "timed out while matching '(a|a)*$' against the body",
                    .answer(String(repeating: "a", count: 64) + "!")
                ),
                HTTPExpectation(bodyMatches: "(a|a)*$")
            ),
            (
                Behaviour(
                    "makes it too large for a regular expression",
                    .tooLarge,
                    "the body has more than the 262144 bytes that are matched against 'b'",
                    .answer(String(repeating: "a", count: 262_145))
                ),
                HTTPExpectation(bodyMatches: "b")
            ),
            (
                Behaviour(
                    "makes it too large for JSON",
                    .tooLarge,
                    "the body has more than the 1048576 bytes that are read as JSON",
                    .answer("[" + String(repeating: "1,", count: 524_288) + "1]")
                ),
                HTTPExpectation(json: [JSONExpectation(path: .test(.index(0)), value: .number(1))])
            ),
            (
                Behaviour(
                    "nests JSON 100,000 levels deep",
                    .validation,
                    "the body '\(String(repeating: "[", count: 80))…' is not JSON",
                    .answer(String(repeating: "[", count: 100_000))
                ),
                HTTPExpectation(json: [JSONExpectation(path: .test(.index(0)), value: .number(1))])
            ),
        ]
    )
    func body(_ behaviour: Behaviour, _ expectation: HTTPExpectation) async throws {
        let service = try await ScriptedService.start([.awaitRequest] + behaviour.steps)
        let target = HTTPTarget.local(service.port)
        let definition = HTTPProbeDefinition(method: "GET", path: "/", expect: expectation)
        let probe = HTTPProbe(definition, target: target, transport: HTTPTransport(to: target))
        try await behaviour.expectFailure(of: probe, "GET http://127.0.0.1:\(service.port)/")
    }

    @Test(
        "over Redis",
        arguments: [
            Behaviour("never replies", .timeout, nil),
            Behaviour("closes without a reply", .truncated, "the connection was closed", .close),
            Behaviour("resets in the reply", .truncated, nil, .send("$9\r\nabc"), .pause(.milliseconds(300)), .reset),
            Behaviour(
                "speaks HTTP",
                .protocol,
                #"Protocol error, got "H" as reply type byte"#,
                .send("HTTP/1.1 400 Bad Request\r\n\r\n")
            ),
            Behaviour("drips its reply", .timeout, nil, drips: "$1000\r\n" + String(repeating: "y", count: 900)),
            Behaviour(
                "replies with a line without end",
                .tooLarge,
                "a line of the reply has more than 16384 bytes",
                .send("+"),
                .sendForever(String(repeating: "y", count: 65_536))
            ),
            Behaviour(
                "announces a text of 2 GiB",
                .tooLarge,
                "the reply has more than 8388608 bytes",
                .send("$2147483647\r\nabc")
            ),
            Behaviour(
                "announces two billion elements",
                .tooLarge,
                "the reply has more than 100000 elements",
                .send("*2147483647\r\n")
            ),
            Behaviour(
                "nests arrays",
                .tooLarge,
                "the reply has more than 7 levels of arrays",
                .send(String(repeating: "*1\r\n", count: 100))
            ),
        ]
    )
    func redis(_ behaviour: Behaviour) async throws {
        let service = try await ScriptedService.start([.awaitBytes] + behaviour.steps)
        let probe = RedisProbe(
            RedisProbeDefinition(command: ["GET", "key"]),
            endpoint: RedisEndpoint(host: "127.0.0.1", port: service.port, database: 0),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            lookup: { _, port, _ in [try SocketAddress(ipAddress: "127.0.0.1", port: port)] }
        )
        try await behaviour.expectFailure(of: probe, "redis GET at 127.0.0.1:\(service.port)")
        await service.wait { $0.closedConnections >= 1 && $0.closedConnections == $0.connections }
    }

    @Test(
        "over TCP",
        arguments: [
            Behaviour("never speaks", .timeout, "timed out waiting for an answer"),
            Behaviour("closes at once", .truncated, "no answer: the connection was closed", .close),
            Behaviour(
                "resets",
                .truncated,
                "no answer: Connection reset by peer",
                .pause(.milliseconds(300)),
                .reset
            ),
            Behaviour(
                "says something else",
                .validation,
                "the answer '421 busy' does not contain '220'",
                .send("421 busy"),
                .close
            ),
            Behaviour(
                "falls silent",
                .timeout,
                "timed out after 2 bytes that are not what is expected",
                .send("42")
            ),
            Behaviour("drips", .timeout, nil, drips: String(repeating: "y", count: 1000)),
            Behaviour(
                "speaks without end",
                .tooLarge,
                "65536 bytes and not what is expected",
                .sendForever(String(repeating: "x", count: 5000))
            ),
        ]
    )
    func tcp(_ behaviour: Behaviour) async throws {
        let service = try await ScriptedService.start(behaviour.steps)
        let probe = TCPProbe(
            TCPProbeDefinition(expect: TextExpectation(contains: "220")),
            target: TCPTarget(host: "127.0.0.1", port: service.port),
            group: MultiThreadedEventLoopGroup.singleton,
            resolver: NameResolver()
        )
        try await behaviour.expectFailure(of: probe, "tcp 127.0.0.1:\(service.port)")
        await service.wait { $0.closedConnections >= 1 && $0.closedConnections == $0.connections }
    }

    @Test(
        "as a command",
        arguments: [
            (Behaviour("prints without end", .tooLarge, "more than 65536 bytes of output"), "yes"),
            (Behaviour("complains without end", .tooLarge, "more than 65536 bytes of output"), "yes >&2"),
            (
                Behaviour("ignores signals", .timeout, "timed out and was killed"),
                "trap '' HUP INT TERM; while :; do sleep 1; done"
            ),
            (Behaviour("stops itself", .timeout, "timed out and was killed"), "kill -STOP $$"),
            (Behaviour("waits for a child", .timeout, "timed out and was killed"), "sleep 600 & wait"),
            (Behaviour("leaves a child that has its output open"), "sleep 600 & exit 0"),
        ]
    )
    func command(_ behaviour: Behaviour, _ command: String) async throws {
        let definition = CommandProbeDefinition(run: [command], usesShell: true)
        try await behaviour.expectFailure(
            of: CommandProbe(definition, target: CommandTarget()),
            "command of the shell"
        )
    }
}

private let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
