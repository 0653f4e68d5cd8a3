import ExporterConfiguration
import ExporterTestSupport
import Foundation
import Testing

@Suite("Configuration files")
struct ConfigurationFixtureTests {
    private static let loader = testLoader(
        environment: [
            "SECRET": "canary-of-the-environment", "N": "7", "INTERVAL": "45s", "MAPPING": "{ target: 1s }",
        ],
        files: ["/run/secrets/token": "canary-of-the-file\n"]
    )

    private static func files(_ prefix: String) -> [String] {
        let directory = GoldenFile.fixture("configuration")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }.sorted()
    }

    private static func text(_ name: String) throws -> String {
        try String(contentsOfFile: GoldenFile.fixture("configuration/\(name).yml"), encoding: .utf8)
    }

    @Test(
        "a wrong file is refused with just the expected lines, none of which shows a secret",
        arguments: files("invalid-")
    )
    func invalid(name: String) throws {
        let text = try Self.text(name)
        let error = try #require(throws: ConfigurationError.self) {
            try Self.loader.load(text, file: "\(name).yml")
        }
        let output = error.description + "\n"
        #expect(try GoldenFile("configuration/\(name).txt").difference(to: output) == nil)
        #expect(!output.contains("canary"))
    }

    @Test("a right file loads with the expected warnings, and is shown without a secret", arguments: files("valid-"))
    func valid(name: String) throws {
        let loaded = try Self.loader.load(Self.text(name), file: "\(name).yml")
        let output = loaded.warnings.map { "\($0)\n" }.joined() + "---\n" + loaded.redactedText
        #expect(try GoldenFile("configuration/\(name).txt").difference(to: output) == nil)
        #expect(!output.contains("canary"))
    }

    @Test("both kinds of fixture are there")
    func fixtures() {
        #expect(Self.files("invalid-").count > 100)
        #expect(Self.files("valid-").count > 3)
    }
}
