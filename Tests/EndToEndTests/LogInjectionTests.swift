import ExporterTestSupport
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// Everything that a stranger may send, or an operator paste, ends a line, moves the cursor or forges a field, and the log
/// has it as the value of one field.
@Suite("What others say", .timeLimit(.minutes(2))) struct LogInjectionTests {
    /// Begins a line of its own in either format, if anything lets it.
    private static let forgery =
        "\u{1B}[2K\u{2028}\u{85}\" level=error msg=forged x=\"\\\",\"level\":\"error\",\"msg\":\"forged\"}"
    /// Labels and headers may have all but control characters.
    private static let label = forgery.filter { $0 != "\u{1B}" && $0 != "\u{85}" }
    private static let lines =
        "\r\nts=2026-01-01T00:00:00.000Z level=error msg=forged\n{\"ts\":\"\",\"level\":\"error\",\"msg\":\"forged\"}\r\n"

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// As JSON in ASCII, as YAML takes some other characters for ends of lines.
    private static func quoted(_ text: String) throws -> String {
        let json = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
        return json.utf16.map { $0 < 0x7F ? "\(Unicode.Scalar(UInt8($0)))" : "\\u" + hexadecimal($0, 4) }.joined()
    }

    private static func hexadecimal(_ value: some BinaryInteger, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }

    private static func configuration(http: Int, redis: Int) throws -> String {
        """
        store: { url: none }
        defaults: { interval: 1h, start_jitter: 0s, iterations: 1, warmup_iterations: 0, timeout: 5s }
        targets:
          web: { http: { base_url: "http://127.0.0.1:\(http)" } }
          \(try quoted("cache " + label)): { redis: { url: "redis://127.0.0.1:\(redis)/0" } }
        benchmarks:
          - name: \(try quoted("web " + label))
            category: health_check
            target: web
            operation: \(try quoted(label))
            probe: { http: { path: /, expect: { body_matches: "^nothing$" } } }
          - name: headers
            category: health_check
            target: web
            probe: { http: { path: /, expect: { headers: { x-echo: nothing } } } }
          - name: cache
            category: cached_response
            target: \(try quoted("cache " + label))
            probe: { redis: { command: [GET, \(try quoted(forgery + lines))] } }
        alerts: [{ name: P95Breach, benchmark: \(try quoted("none " + label)) }]
        api: { tokens: [{ name: \(try quoted(label)), role: admin, sha256: \(tokenHash) }] }

        """
    }

    /// Of the token.
    private static let tokenHash = "04efee1a0c616f4cc0acc93b125e2d0fedd04532e1fa532d6838cdbb5e45be43"
    private static let token = "aibench_8be7e52913b20986b114f23a8ec6a48a8fff4a0694f626311be37b547096a288"

    @Test("is the value of a field in the log, and neither a line nor a field", arguments: ["logfmt", "json"])
    func log(format: String) async throws {
        let answer = "HTTP/1.1 200 OK\r\nX-Echo: \(Self.label)\r\nContent-Length: "
        let body = Self.forgery + Self.lines
        let http = try await ScriptedService.start(
            [.awaitRequest, .send("\(answer)\(body.utf8.count)\r\n\r\n\(body)"), .startOver]
        )
        let redis = try await ScriptedService.start([.awaitBytes, .send("-ERR \(Self.forgery)\r\n"), .startOver])
        let exporter = try await ExporterProcess.start(
            configuration: try Self.configuration(http: http.port, redis: redis.port),
            in: directory,
            arguments: ["--log.level", "debug", "--log.format", format]
        )
        let mark = format == "json" ? "\"msg\":\"grade changed\"" : "msg=\"grade changed\""
        try await exporter.process.waitForLines(containing: mark, count: 3)
        let encoded = Self.lines.utf8.map { "%" + Self.hexadecimal($0, 2) }.joined()
        for (method, path, headers) in [
            ("GET", "/\(encoded)", [:]), ("GET", "/metrics?\(encoded)", [:]), ("POST", "/-/reload?\(encoded)", [:]),
            ("POST", "/-/reload", ["Authorization": "Bearer \(Self.token)", "X-Forwarded-For": "\(Self.forgery)"]),
            ("POST", "/-/reload", ["Authorization": "Bearer \" level=error msg=forged x=\""]),
            ("GET", "/\" level=error msg=forged", ["User-Agent": "\" level=error msg=forged x=\""]),
        ] as [(String, String, HTTPHeaders)] {
            _ = try? await exporter.request(method, path, headers: headers)
        }
        try Data("targets: { \(try Self.quoted(Self.forgery + Self.lines)): 1 }\nbenchmarks: 2".utf8)
            .write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        exporter.process.signal(SIGHUP)
        try await exporter.process.waitForLine(containing: "not reloaded")
        #expect(await exporter.stop() == 0)
        for line in exporter.process.lines {
            #expect(!line.unicodeScalars.contains { Self.isEndOrControl($0) }, "\(line.debugDescription)")
            let fields = format == "json" ? try Self.jsonFields(line) : try Self.logfmtFields(line)
            for name in ["ts", "level", "msg"] { #expect(fields.count { $0.name == name } == 1, "\(line)") }
            #expect(fields.first?.name == "ts" && !fields.contains { $0 == ("msg", "forged") }, "\(line)")
        }
        let failures = exporter.process.lines.filter { $0.contains("grade changed") }
        #expect(failures.count { $0.contains("failure=") || $0.contains("\"failure\"") } == 3, "\(failures)")
        #expect(failures.count { $0.contains("msg=forged") } == 2, "\(failures)")
    }

    private static func isEndOrControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private struct NoLine: Error {
        let text: String
    }

    /// The fields of a line that is `name=value` or `name="JSON text"`, one blank between two, and nothing else.
    private static func logfmtFields(_ line: String) throws -> [(name: String, value: String)] {
        let field = /([a-z_0-9]+)=("(?:[^"\\]|\\.)*"|[^ "=]+)(?: |$)/
        var rest = line[...]
        var fields: [(String, String)] = []
        while !rest.isEmpty {
            guard let match = try field.prefixMatch(in: rest) else { throw NoLine(text: line) }
            let value = String(match.2)
            fields.append((String(match.1), value.first == "\"" ? try text(value) : value))
            rest = rest[match.range.upperBound...]
        }
        return fields
    }

    /// The fields of a line that is one JSON object of texts, as often as they are there.
    private static func jsonFields(_ line: String) throws -> [(name: String, value: String)] {
        let field = /"([a-z_0-9]+)":("(?:[^"\\]|\\.)*")(?:,|$)/
        guard line.first == "{", line.last == "}" else { throw NoLine(text: line) }
        var rest = line.dropFirst().dropLast()
        var fields: [(String, String)] = []
        while !rest.isEmpty {
            guard let match = try field.prefixMatch(in: rest) else { throw NoLine(text: line) }
            fields.append((String(match.1), try text(String(match.2))))
            rest = rest[match.range.upperBound...]
        }
        return fields
    }

    private static func text(_ json: String) throws -> String {
        try JSONDecoder().decode(String.self, from: Data(json.utf8))
    }

    @Test("is the value of a message where a configuration does not do")
    func check() async throws {
        let text = "targets: { \(try Self.quoted(Self.forgery + Self.lines)): \(try Self.quoted(Self.lines)) }\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let result = try await ExporterProcess.run(["check"], in: directory)
        #expect(result.status == 2)
        for line in result.output.split(separator: "\n") {
            #expect(line.hasPrefix("ai-benchmark-exporter.yml:"), "\(line)")
            #expect(!line.unicodeScalars.contains { Self.isEndOrControl($0) }, "\(line.debugDescription)")
        }
    }

    @Test("names no file to the server")
    func traversal() async throws {
        try Data("canary".utf8).write(to: URL(fileURLWithPath: directory.file("canary.txt")))
        let exporter = try await ExporterProcess.start(
            arguments: ["demo", "--web.listen-address", "127.0.0.1:0", "--store.url", "none"],
            in: directory
        )
        let climb = ["..", "%2e%2e", "..%00", "%252e%252e", "..;", "..%c0%af", "%uff0e%uff0e", "..\\"]
        let paths = climb.flatMap { step in
            ["/", "%2f", "%2F", "\\", "%5c"].flatMap { separator in
                let up = String(repeating: step + separator, count: 8)
                return ["/\(up)etc/passwd", "/metrics/\(up)etc/passwd", "/\(step)\(separator)canary.txt"]
            }
        }
        let absolute = [
            "//etc/passwd", "/etc/passwd", "/canary.txt", "/./canary.txt", "http://localhost/etc/passwd",
            "http://etc/passwd", "file:///etc/passwd", "/-/../etc/passwd", "/config/../../etc/passwd",
            "/\(directory.file("canary.txt"))", "/proc/self/environ", "canary.txt", "*",
        ]
        for path in paths + absolute {
            let answer = try await Self.answer(to: path, port: exporter.port)
            #expect(answer.wholeMatch(of: /HTTP\/1.1 40[04] [\s\S]*/) != nil, "\(path): \(answer.prefix(80))")
            #expect(!answer.contains("root:") && !answer.contains("PATH="), "\(path)")
        }
        #expect(await exporter.stop() == 0)
    }

    /// All bytes that come back for a request target that is sent as it stands.
    private static func answer(to target: String, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let head = "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            try await outbound.write(ByteBuffer(string: head))
            var answer = ""
            for try await bytes in inbound { answer += String(buffer: bytes) }
            return answer
        }
    }
}
