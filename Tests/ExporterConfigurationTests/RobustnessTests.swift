import ExporterConfiguration
import ExporterTestSupport
import Testing

@Suite("Whatever the file holds", .timeLimit(.minutes(1)))
struct RobustnessTests {
    /// What the loader says; the tests are about its saying anything at all.
    @discardableResult
    private func load(_ text: String) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try testLoader().load(text, file: "fuzz.yml")
            return nil
        } catch {
            #expect(!error.problems.isEmpty)
            #expect(error.problems.allSatisfy { $0.line >= 1 && $0.column >= 1 && !$0.message.isEmpty })
            return error
        }
    }

    @Test("bytes that changed do not end the process", arguments: 0..<8)
    func flippedBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let original = Array(ConfigurationTemplate.commented.utf8)
        let interesting = Array("{}[]*&!|>'\"%@`#:-?,~$\n\t \0\u{7F}".utf8)
        for _ in 0..<60 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                bytes[index] =
                    Bool.random(using: &generator)
                    ? interesting[Int.random(in: interesting.indices, using: &generator)]
                    : UInt8.random(in: 0...255, using: &generator)
            }
            load(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test("lines that moved do not end the process", arguments: 0..<4)
    func movedLines(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let original = ConfigurationTemplate.commented.split(separator: "\n").filter { !$0.contains("# ") }
        for _ in 0..<60 {
            var lines = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let line = lines.remove(at: Int.random(in: lines.indices, using: &generator))
                lines.insert(line, at: Int.random(in: 0...lines.count, using: &generator))
            }
            load(lines.joined(separator: "\n"))
        }
    }

    @Test("a file that ends early does not end the process")
    func truncation() {
        let text = ConfigurationTemplate.commented
        for length in stride(from: 0, to: text.utf8.count, by: 97) {
            load(String(decoding: text.utf8.prefix(length), as: UTF8.self))
        }
    }

    @Test(
        "nesting without end is refused",
        arguments: ["[", "{a: ", "- ", "? ", "a:\n ", "[{", "!!a [", "&a [", "\"", "'"]
    )
    func nesting(opening: String) {
        #expect(load(String(repeating: opening, count: 10_000)) != nil)
    }

    @Test("aliases of aliases are refused as soon as they come to too much")
    func aliases() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x]\n"
        for level in 1..<60 {
            text += "a\(level): &a\(level) [\((0..<8).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
        }
        let values = try #require(load(text))
        #expect(
            values.description.contains("at most 100000 values and 4 MiB with all aliases and substitutions in place")
        )
        let keys = try #require(load(text + "[*a59, *a59] : x\n"))
        #expect(keys.description.hasSuffix(Self.unusualKey))
        let direct = try #require(load(text + "b: { *a59 : x }\n"))
        #expect(direct.description.hasSuffix(Self.unusualKey))
        #expect(load(text + "? [*a59, *a59]\n: x\n") != nil)
        let combined = try #require(load(text + "b: { *\u{301}a59 : x }\n"))
        #expect(!combined.problems.isEmpty)
    }

    private static let unusualKey =
        "found a key that is a list, a mapping or an alias, or that comes after ?, expected text"

    @Test(
        "a large key is refused before anyone hashes it",
        arguments: ["? ", "?\t", "?\n", "- ? ", "!!map\n? ", "&a ? ", "{? ", "[?", "{?\n"]
    )
    func largeKeys(opening: String) {
        let text = String(repeating: opening, count: 900) + "[\(String(repeating: "x, ", count: 300_000))]\n: x\n"
        #expect(load(text) != nil)
    }

    @Test("a question mark and an asterisk in a text do no harm")
    func marksInTexts() throws {
        let probe = #"""
            chat_completion: { model: m, prompt: "? *what*\n? is\n* it", system: is *it? }
            """#
        let text = configuration("# ? *\n", name: "model_response", probe: probe)
        let loaded = try testLoader().load(text, file: "test.yml")
        guard case .languageModel(let definition, _) = loaded.configuration.benchmarks[0].probe else {
            Issue.record("not a chat completion")
            return
        }
        #expect(definition.prompt == "? *what*\n? is\n* it")
        #expect(definition.system == "is *it?")
    }

    @Test("a long text by reference is refused as soon as it comes to too much")
    func longAlias() throws {
        let text = "a: &a \(String(repeating: "x", count: 100_000))\nb: [\(String(repeating: "*a, ", count: 10_000))]\n"
        let error = try #require(load(text))
        #expect(
            error.description.contains("at most 100000 values and 4 MiB with all aliases and substitutions in place")
        )
    }

    @Test("a large file of one kind of thing is refused in good time")
    func largeFiles() {
        load("targets: [\(String(repeating: "x, ", count: 300_000))]")
        load((0..<50_000).map { "k\($0): v" }.joined(separator: "\n"))
        load(String(repeating: "\u{301}", count: 400_000))
    }

    private static func list(_ count: Int, _ element: (Int) -> String) -> String {
        "[" + (0..<count).map(element).joined(separator: ", ") + "]"
    }

    @Test("cases without each other's variables are a hundred problems, and one more that says so")
    func manyCases() throws {
        let cases = Self.list(3000) { "{ v\($0): 1 }" }
        let probe = "cases: \(cases), steps: [{ http: { path: \"/\" } }]"
        try expectHundred(configuration(name: "agent_routing", probe: probe))
    }

    @Test("targets that no other target is, and keys that are unknown, are a hundred problems and one")
    func manyNames() throws {
        let targets = (0..<900).map { "  t\($0): { http: { base_url: \"http://a\" } }\n" }.joined()
        let benchmarks = Self.list(900) { "{ name: b\($0), category: health_check, target: no }" }
        try expectHundred("targets:\n\(targets)benchmarks: \(benchmarks)\n")
        try expectHundred((0..<5000).map { "k\($0): v\n" }.joined())
    }

    private func expectHundred(_ text: String) throws {
        let error = try #require(load(text))
        #expect(error.problems.count == 101)
        let last = "found still more to say, expected a new check when the rest is mended"
        #expect(error.problems.count { $0.message == last } == 1)
        #expect(error.description.utf8.count < 64 * 1024)
    }

    @Test("a step with a variable that it cannot have is told of ten that it can")
    func manyVariables() throws {
        let steps = Self.list(100) { step in
            let captures = (0..<20).map { "v\(step)_\($0): $.a" }.joined(separator: ", ")
            return "{ redis: { command: [GET, \"{{no}}\"] }, capture: { \(captures) } }"
        }
        let error = try #require(load(configuration(probe: "steps: \(steps)")))
        #expect(error.problems.allSatisfy { $0.message.utf8.count < 300 })
    }

    @Test("a list that nobody would write is refused as a whole")
    func longLists() {
        let steps = Self.list(101) { _ in "{ http: {} }" }
        let place = "fuzz.yml:8:21: benchmarks[0].probe.steps"
        let problem = "\(place): found a list of 101, expected at most 100"
        #expect(load(configuration(probe: "steps: \(steps)"))?.description == problem)
        let benchmarks = Self.list(1001) { _ in "{}" }
        let other = "fuzz.yml:2:13: benchmarks: found a list of 1001, expected at most 1000"
        #expect(load("targets: {}\nbenchmarks: \(benchmarks)")?.description == other)
    }
}
