import ArgumentParser
import ExporterConfiguration
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Probing

/// Which running exporter a command is to ask.
struct RunningExporterOptions: ParsableArguments {
    @Option(help: "URL of the exporter that is running, such as http://localhost:10300.")
    var via: String?

    @Option(
        name: .customLong("token.file"),
        help: "File with an API token of role admin. (default: the variable AI_BENCHMARK_EXPORTER_TOKEN)",
        completion: .file()
    )
    var tokenFile: String?

    mutating func validate() throws {
        guard tokenFile == nil || via != nil else { throw ValidationError("--token.file: only with --via") }
    }

    /// The exporter to ask; `nil` where none is.
    func exporter() throws(CommandFailure) -> RunningExporter? {
        guard let via else { return nil }
        return try RunningExporter(url: via, tokenFile: tokenFile)
    }
}

/// An exporter that is running somewhere, asked through its API.
struct RunningExporter {
    private static let tokenVariable = "AI_BENCHMARK_EXPORTER_TOKEN"
    /// Of a whole call, where the caller has no deadline; what is asked for here takes no longer than a commit.
    private static let patience = TimeAmount.seconds(30)
    /// Of a refusal that is shown, in characters.
    private static let longestReason = 1000

    let url: String
    private let base: HTTPBaseURL
    private let token: String?

    /// The exporter at `url`, with the token in the file, or in the environment where none is named.
    init(url: String, tokenFile: String?) throws(CommandFailure) {
        self.url = url
        do {
            base = try ConfigurationFile.loader().serverURL(url)
        } catch {
            throw CommandFailure(message: "--via: \(error)", status: .badUsage)
        }
        if let tokenFile {
            token = try ConfigurationFile.text(of: tokenFile, as: "token file")
                .trimmingCharacters(in: .whitespacesAndNewlines)
        } else {
            token = ProcessInfo.processInfo.environment[Self.tokenVariable]
        }
    }

    /// Posts `body` as JSON; returns the body of the answer.
    ///
    /// Any answer but a success is a failure of `command`.
    @discardableResult
    func post(_ path: String, _ body: some Encodable, for command: String) async throws -> Data {
        try await call("POST", path, Array(try JSONEncoder().encode(body)), for: command)
    }

    /// The body of the answer to a call without one; any answer but a success is a failure of `command`.
    ///
    /// `maximumSize` is that of the answer in bytes, where it may be larger than what a target answers. Without a `deadline`
    /// it takes 30 s at most.
    @discardableResult
    func call(
        _ method: String,
        _ path: String,
        _ body: [UInt8] = [],
        upTo maximumSize: Int? = nil,
        before deadline: NIODeadline? = nil,
        for command: String
    ) async throws -> Data {
        var headers: HTTPHeaders = [:]
        if !body.isEmpty { headers.add(name: "Content-Type", value: "application/json") }
        if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
        let transport = HTTPTransport(
            target: HTTPTarget(baseURL: base),
            group: .singletonMultiThreadedEventLoopGroup,
            resolver: NameResolver()
        )
        var request = HTTPRequest(method: method, target: path, headers: headers, body: body)
        if let maximumSize { request.maximumAnswerSize = maximumSize }
        let answer = try await transport.exchange(
            request,
            connection: .cold,
            deadline: deadline ?? .now() + Self.patience
        )
        switch answer {
        case .success(let answer) where (200..<300).contains(answer.status): return Data(answer.body.bytes)
        case .success(let answer):
            let problem = try? JSONDecoder().decode(Problem.self, from: Data(answer.body.bytes))
            let text = problem?.said ?? String(decoding: answer.body.bytes.prefix(200), as: UTF8.self)
            let said = String(text.prefix(Self.longestReason)).printable
            throw CommandFailure(message: "\(command): \(url) answered \(answer.status): \(said)", status: .failure)
        case .failure(let failure):
            throw CommandFailure(message: "\(command): \(url): \(failure.detail)", status: .failure)
        }
    }

    /// A problem document of RFC 9457.
    private struct Problem: Decodable {
        var title: String?
        var detail: String?

        var said: String? { detail ?? title }
    }
}
