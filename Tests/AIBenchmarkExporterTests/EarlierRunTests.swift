import ExporterTestSupport
import Foundation
import Testing

@testable import AIBenchmarkExporter

@Suite("the file of an earlier run") struct EarlierRunTests {
    private static func json() throws -> String {
        let definition = try #require(try SampleRun.definitions().first)
        return String(decoding: try SuiteJSON.encode(SuiteMeasurementsTests.report(of: definition)), as: UTF8.self)
    }

    private static func message(for text: String) throws -> String? {
        let directory = try TemporaryDirectory()
        let file = directory.file("before.json")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        do {
            _ = try withExtendedLifetime(directory) { try SuiteComparison(readingFile: file) }
            return nil
        } catch let error as CommandFailure {
            #expect(error.status == .badUsage)
            return error.message.replacing(file, with: "FILE")
        }
    }

    /// What happens to a good file.
    enum Damage: Sendable {
        case none
        case cut(to: Int)
        case overwritten(with: String)
        case replaced(String, with: String)

        func text(from json: String) -> String {
            switch self {
            case .none: json
            case .cut(let length): String(json.prefix(length))
            case .overwritten(let text): text
            case .replaced(let part, let other): json.replacing(part, with: other)
            }
        }
    }

    @Test(
        "what is wrong with it is said",
        arguments: [
            (.none, nil),
            (.cut(to: 100), "Unexpected end of file during JSON parse"),
            (.cut(to: 0), "Unexpected end of file during JSON parse"),
            (.overwritten(with: "{}"), "there is no format_version"),
            (.overwritten(with: "[1]"), "Expected to decode Dictionary<String, Any> but found an array instead"),
            (
                .replaced(#""samples" : 20"#, with: #""samples" : "many""#),
                "operations[0].samples: Expected to decode Int but found a string instead"
            ),
            (.replaced("fingerprint", with: "other"), "there is no operations[0].fingerprint"),
        ] as [(Damage, String?)]
    )
    func refused(damage: Damage, problem: String?) throws {
        let start = "ai-benchmark-exporter: read --compare FILE: it is not the JSON of 'run --output json': "
        #expect(try Self.message(for: damage.text(from: Self.json())) == problem.map { start + $0 })
    }

    @Test("another format is told by its version, whatever else is in it", arguments: [1, 3])
    func version(number: Int) throws {
        #expect(
            try Self.message(for: #"{"format_version": \#(number), "else": []}"#)
                == "ai-benchmark-exporter: read --compare FILE: its format is version \(number), this program reads 2: "
                + "make it anew"
        )
    }

    @Test("a pipe is read to its end, a folder is none, and a missing file is missing")
    func kinds() throws {
        let pipe = Pipe()
        let json = try Self.json()
        // Fits into the buffer of a pipe.
        #expect(json.utf8.count < 4096)
        try pipe.fileHandleForWriting.write(contentsOf: Data(json.utf8))
        try pipe.fileHandleForWriting.close()
        _ = try SuiteComparison(readingFile: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")

        let directory = try TemporaryDirectory()
        let folder = #expect(throws: CommandFailure.self) { try SuiteComparison(readingFile: directory.path) }
        #expect(folder?.message.hasSuffix("\(directory.path): it is a folder") == true)
        let missing = #expect(throws: CommandFailure.self) { try SuiteComparison(readingFile: directory.file("none")) }
        #expect(missing?.message.hasSuffix("none: No such file or directory") == true)
    }
}
