import ExporterConfiguration
import Testing

@Suite("The configuration that init prints")
struct ConfigurationTemplateTests {
    @Test("loads without problems and warnings")
    func loads() throws {
        let loaded = try testLoader().load(ConfigurationTemplate.commented, file: "template.yml")
        #expect(loaded.warnings.isEmpty)
        #expect(Set(loaded.configuration.benchmarks.map(\.probe.kind)) == ["http", "chat_completion", "redis"])
    }

    @Test("loads just as well with everything in force that is commented out")
    func loadsInForce() throws {
        let lines = ConfigurationTemplate.commented.split(separator: "\n", omittingEmptySubsequences: false)
        let inForce = lines.map { $0.replacing(/^( *)#(["A-Za-z])/) { "\($0.1)\($0.2)" } }.joined(separator: "\n")
        let loaded = try testLoader().load(inForce, file: "template.yml")
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.configuration.instance == "assistant-0")
        let asPrinted = try testLoader().load(ConfigurationTemplate.commented, file: "template.yml")
        #expect(loaded.configuration.store == asPrinted.configuration.store)
    }

    @Test("has lines of at most 120 characters, without a space at the end")
    func layout() {
        for line in ConfigurationTemplate.commented.split(separator: "\n") {
            #expect(line.count <= 120)
            #expect(line.last?.isWhitespace != true)
        }
    }
}
