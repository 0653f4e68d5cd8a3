import Alerting
import BenchmarkModel
import ExporterConfiguration
import NIOCore

@testable import Probing
@testable import SnapshotStore

/// A parser of bytes from outside.
struct FuzzTarget: Sendable {
    let name: String
    /// What the parser made of its input, in a few words: inputs of different outcomes are worth keeping.
    let outcome: @Sendable ([UInt8]) -> String

    static let all = [configuration, webConfiguration, streams, snapshots, jsonPath, http]

    private struct NoSuchFile: Error {}

    private static let loader = ConfigurationLoader(environment: [:], hostName: "fuzz") { _ in throw NoSuchFile() }

    private static let configuration = Self(name: "configuration") { bytes in
        outcome { try loader.load(String(decoding: bytes, as: UTF8.self), file: "").redactedText }
    }

    private static let webConfiguration = Self(name: "web-configuration") { bytes in
        outcome { "\(try loader.loadWeb(String(decoding: bytes, as: UTF8.self), file: "") { _ in true })" }
    }

    private static let streams = Self(name: "streams") { bytes in
        LanguageModelDialect.allCases.map { dialect in
            let reading = ModelReading(dialect, stream: bytes, isOutOfTime: { false })
            let plain = ModelReading(dialect, plain: bytes)
            return
                "\(reading.failure(expecting: .text(containing: nil)), default: "")\(plain.answer.finishReason, default: "")"
        }.joined()
    }

    /// All that a store gives back: the state of a benchmark, a run of the history, the memory of the alerts.
    private static let snapshots = Self(name: "snapshots") { bytes in
        let state = StoredValue.decodeState(bytes, of: "model_response").map(\.state.benchmark)
        let run = StoredValue.decodeRun(bytes).map(\.benchmark)
        let memory = outcome { "\(try AlertMemory(document: StoredValue.checkDocument(bytes).get()))" }
        return "\(state) \(run) \(memory)"
    }

    /// A path in the first line, and a document in the others.
    private static let jsonPath = Self(name: "json-path") { bytes in
        let path = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        let document = Array(bytes.drop { $0 != 0x0A }.dropFirst())
        return outcome {
            let path = try JSONPath(parsing: path)
            return "\(try JSONPathQuery.findings(at: [path], in: document, deadline: .now() + .seconds(1)))"
        }
    }

    private static let http = Self(name: "http", outcome: HTTPTarget.outcome)

    private static func outcome(_ read: () throws -> String) -> String {
        do { return try read() } catch { return "\(error)" }
    }
}
