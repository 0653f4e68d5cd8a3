import ExporterConfiguration
import ExporterTestSupport
import Foundation
import Testing

@Suite("Web configuration files")
struct WebConfigurationTests {
    private static let loader = testLoader(environment: ["SECRET": "canary-of-the-environment"])

    private static func files(_ prefix: String) -> [String] {
        let directory = GoldenFile.fixture("web-configuration")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }.sorted()
    }

    private static func load(_ name: String) throws -> LoadedWebConfiguration {
        let text = try String(contentsOfFile: GoldenFile.fixture("web-configuration/\(name).yml"), encoding: .utf8)
        return try loader.loadWeb(text, file: "\(name).yml") { $0.hasPrefix("$2y$10$") }
    }

    @Test(
        "a wrong file is refused with just the expected lines, none of which shows a secret",
        arguments: files("invalid-")
    )
    func invalid(name: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Self.load(name) }
        let output = error.description + "\n"
        #expect(try GoldenFile("web-configuration/\(name).txt").difference(to: output) == nil)
        #expect(!output.contains("canary"))
    }

    @Test("a right file becomes what the golden file says, without a secret", arguments: files("valid-"))
    func valid(name: String) throws {
        let loaded = try Self.load(name)
        var output = loaded.warnings.map { "\($0)\n" }.joined() + "---\n"
        if let tls = loaded.configuration.tls { dump(tls, to: &output) }
        for header in loaded.configuration.headers { output += "\(header.name): \(header.value.reveal)\n" }
        for (user, hash) in loaded.configuration.users.sorted(by: { $0.key < $1.key }) {
            output += "\(user): \(hash)\n"
        }
        if let limit = loaded.configuration.rateLimit { output += "\(limit.interval), \(limit.burst) at once\n" }
        #expect(try GoldenFile("web-configuration/\(name).txt").difference(to: output) == nil)
        #expect(!output.contains("canary"))
    }

    @Test("bytes that changed do not end the process, and every problem has its place", arguments: 0..<4)
    func flippedBytes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let path = GoldenFile.fixture("web-configuration/valid-everything.yml")
        let original = Array(try String(contentsOfFile: path, encoding: .utf8).utf8)
        let interesting = Array("{}[]*&!|>'\"%@`#:-?,~$\n\t \0\u{7F}9".utf8)
        for _ in 0..<100 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] =
                    interesting[Int.random(in: interesting.indices, using: &generator)]
            }
            do {
                _ = try Self.loader.loadWeb(String(decoding: bytes, as: UTF8.self), file: "fuzz.yml") { _ in true }
            } catch {
                #expect(!error.problems.isEmpty)
                #expect(error.problems.allSatisfy { $0.line >= 1 && $0.column >= 1 && !$0.message.isEmpty })
            }
        }
    }

    @Test("both kinds of fixture are there")
    func fixtures() {
        #expect(Self.files("invalid-").count > 20)
        #expect(Self.files("valid-").count > 3)
    }
}
