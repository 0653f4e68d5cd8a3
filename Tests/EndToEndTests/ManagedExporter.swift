import ExporterTestSupport
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

@testable import AIBenchmarkExporter

/// The real binary with a management API that is open to three tokens.
struct ManagedExporter: Sendable {
    static let base = "/ai/performance/benchmarks"

    let exporter: ExporterProcess
    let admin: HTTPHeaders
    /// Of another token with the role `admin`.
    let otherAdmin: HTTPHeaders
    let reader: HTTPHeaders

    /// Starts an exporter with `configuration`, which says nothing of `api`; a client may send so many requests at once.
    static func start(
        _ configuration: String,
        in directory: TemporaryDirectory,
        arguments: [String] = [],
        burst: Int = 1_000
    ) async throws -> ManagedExporter {
        var headers: [HTTPHeaders] = []
        var lines: [String] = []
        for (name, role) in [("admin", "admin"), ("other", "admin"), ("reader", "read")] {
            let made = try await ExporterProcess.run(["token", "--name", name, "--role", role], in: directory).output
            guard let token = made.firstMatch(of: /aibench_[0-9a-f]{64}/)?.output,
                let hash = made.matches(of: /[0-9a-f]{64}/).last?.output
            else { throw ChildProcess.Failure("no token in '\(made)'") }
            headers.append(["Authorization": "Bearer \(token)"])
            lines.append("    - { name: \(name), role: \(role), sha256: \"\(hash)\" }")
        }
        let api = """
            api:
              rate_limit: { requests_per_second: \(burst == 1_000 ? 1_000 : 0.01), burst: \(burst) }
              tokens:

            """
        let exporter = try await ExporterProcess.start(
            configuration: configuration + api + lines.joined(separator: "\n") + "\n",
            in: directory,
            arguments: arguments
        )
        return ManagedExporter(exporter: exporter, admin: headers[0], otherAdmin: headers[1], reader: headers[2])
    }

    /// The same, started anew in `directory`.
    func restarted(in directory: TemporaryDirectory, arguments: [String] = []) async throws -> ManagedExporter {
        let exporter = try await ExporterProcess.start(
            arguments: ["serve", "--web.listen-address", "127.0.0.1:0"] + arguments,
            in: directory
        )
        return ManagedExporter(exporter: exporter, admin: admin, otherAdmin: otherAdmin, reader: reader)
    }

    /// Asks for `path` below the base, or for one that begins with a slash, with the token of an admin unless there is another.
    func call(
        _ method: String,
        _ path: String,
        _ body: String? = nil,
        as client: HTTPHeaders? = nil,
        headers: [String: String] = [:]
    ) async throws -> LoopbackHTTP.Answer {
        var fields = client ?? admin
        if body != nil { fields.add(name: "Content-Type", value: "application/json") }
        for (name, value) in headers { fields.add(name: name, value: value) }
        return try await LoopbackHTTP.request(
            method,
            path.hasPrefix("/") ? path : "\(Self.base)/\(path)",
            port: exporter.port,
            headers: fields,
            body: body
        )
    }

    /// The JSON at `path`.
    func read(_ path: String) async throws -> JSONValue {
        try await call("GET", path, as: reader).json
    }
}

extension LoopbackHTTP.Answer {
    var json: JSONValue {
        get throws { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }
    }

    /// The detail of a problem document; `nil` where it is none.
    var problem: String? {
        guard headers["content-type"] == ["application/problem+json"] else { return nil }
        return (try? json)?["detail"].text
    }
}

extension JSONValue {
    subscript(key: String) -> JSONValue {
        guard case .object(let fields) = self else { return .null }
        return fields[key] ?? .null
    }

    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }
}

/// A connection to an answer that goes on.
enum EndlessAnswer {
    /// Asks for `path`, and returns what came up to `text`; `onHead` is called when the answer has begun.
    static func read(
        _ path: String,
        port: Int,
        headers: HTTPHeaders,
        upTo text: String,
        onBeginning: () async throws -> Void
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let fields = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
            try await outbound.write(ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"))
            var found = ""
            var hasBegun = false
            for try await bytes in inbound {
                found += String(buffer: bytes)
                if !hasBegun, found.contains("retry:") {
                    hasBegun = true
                    try await onBeginning()
                }
                if found.contains(text) { break }
            }
            return found
        }
    }
}
