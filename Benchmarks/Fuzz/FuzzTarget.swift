import ExporterConfiguration
import NIOCore

@testable import Probing
@testable import SnapshotStore

/// A parser of bytes from outside, and the folders below Tests/Fixtures with inputs to begin with.
struct FuzzTarget: Sendable {
    let name: String
    let folders: [String]
    let read: @Sendable ([UInt8]) -> Void

    static var all: [Self] { [configuration, webConfiguration, streams, state, jsonPath, http] }

    private struct NoSuchFile: Error {}

    private static let loader = ConfigurationLoader(environment: [:], hostName: "fuzz") { _ in throw NoSuchFile() }

    private static let configuration = Self(name: "configuration", folders: ["configuration", "fuzz/configuration"]) {
        _ = try? loader.load(String(decoding: $0, as: UTF8.self), file: "fuzz.yml")
    }

    private static let webConfiguration = Self(name: "web configuration", folders: ["web-configuration"]) {
        _ = try? loader.loadWeb(String(decoding: $0, as: UTF8.self), file: "fuzz.yml") { _ in true }
    }

    private static let streams = Self(name: "event streams", folders: ["streams", "fuzz/streams"]) { bytes in
        for dialect in LanguageModelDialect.allCases {
            let reading = ModelReading(dialect, stream: bytes, isOutOfTime: { false })
            _ = reading.failure(expecting: .text(containing: nil))
            _ = ModelReading(dialect, plain: bytes)
        }
    }

    private static let state = Self(name: "stored state", folders: ["snapshots", "fuzz/snapshots"]) {
        _ = StoredValue.decodeState($0, of: "health_check")
    }

    /// A path in the first line, and a document in the others.
    private static let jsonPath = Self(name: "JSON path", folders: ["fuzz/json-path"]) { bytes in
        let path = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        guard let path = try? JSONPath(parsing: path) else { return }
        let document = Array(bytes.drop { $0 != 0x0A }.dropFirst())
        _ = try? JSONPathQuery.findings(at: [path], in: document, deadline: .now() + .seconds(1))
    }

    private static let http = Self(name: "HTTP", folders: ["fuzz/http"], read: HTTPTarget.read)
}
