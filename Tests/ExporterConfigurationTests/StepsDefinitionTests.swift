import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import ExporterConfiguration

@Suite("What a file says of a sequence becomes operations")
struct StepsDefinitionTests {
    private func benchmarks() throws -> [BenchmarkDefinition] {
        let text = try String(contentsOfFile: GoldenFile.fixture("configuration/valid-steps.yml"), encoding: .utf8)
        return try testLoader().load(text, file: "test.yml").configuration.benchmarks
    }

    @Test("each measured step is an operation with its own target, objective and series")
    func operations() throws {
        let operations = try benchmarks()[0].operations
        func identity(_ operation: String, _ target: String) -> BenchmarkIdentity {
            BenchmarkIdentity(benchmark: "memory_operations", operation: operation, target: target)
        }
        #expect(
            operations.map(\.identity)
                == [
                    identity("create", "assistant"), identity("search", "assistant"), identity("store", "cache"),
                    identity("ask", "assistant"),
                ]
        )
        #expect(
            operations.map(\.objective.target)
                == [.milliseconds(200), .milliseconds(300), .milliseconds(300), .milliseconds(300)]
        )
        #expect(operations.map(\.traits.waitsForVisibility) == [false, true, false, false])
        #expect(operations.map(\.traits.model) == [nil, nil, nil, "m"])
        #expect(operations.map(\.target.kind) == ["http", "http", "redis", "http"])
    }

    @Test("a sequence without a measured step is one operation")
    func whole() throws {
        let benchmark = try benchmarks()[1]
        #expect(benchmark.operations.map(\.identity.operation) == ["whole"])
        #expect(benchmark.operations.map(\.identity.target) == ["assistant"])
        #expect(benchmark.probe.kind == "steps")
    }

    @Test("the steps have what the file says")
    func steps() throws {
        guard case .steps(let definition) = try benchmarks()[0].probe else {
            Issue.record("not a sequence")
            return
        }
        #expect(definition.prefix == "aibench:sidecar:")
        #expect(definition.cases.map { $0["count"] } == [.number(2), .number(3)])
        #expect(definition.cases.map { $0["urgent"] } == [.bool(true), .bool(false)])
        #expect(definition.steps.map(\.name) == ["create", "step 2", "step 3", "step 4"])
        #expect(
            definition.steps[0].captures
                == [
                    CaptureDefinition(variable: "id", source: .json(try JSONPath(parsing: "$.id"))),
                    CaptureDefinition(variable: "etag", source: .header("ETag")),
                    CaptureDefinition(variable: "word", source: .match("is (\\w+)")),
                ]
        )
        #expect(
            definition.steps.map(\.repetition)
                == [nil, RepetitionDefinition(deadline: .seconds(2), pause: .milliseconds(10)), nil, nil]
        )
        #expect(definition.finally.map(\.target) == ["assistant", "cache"])
    }

    @Test("a prompt whose answer must come from the cache has no nonce unless it is asked for")
    func cachedTokens() throws {
        guard case .languageModel(let definition, _) = try benchmarks()[2].probe else {
            Issue.record("not a language model")
            return
        }
        #expect(definition.minimumCachedTokens == 100)
        #expect(!definition.nonce)
    }
}
