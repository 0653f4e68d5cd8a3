import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import SnapshotStore

@Suite("Publication mark", .timeLimit(.minutes(1)))
struct PublicationMarkTests {
    private let directory: TemporaryDirectory
    private let mark: PublicationMark
    private let contents = PublicationMark.Contents(
        generation: 5,
        earliestEpoch: 1,
        published: ["a": StateVersion(epoch: 1, sequence: 2), "b \"ü\"": StateVersion(epoch: 3, sequence: 4)]
    )

    init() throws {
        directory = try TemporaryDirectory()
        mark = PublicationMark(directory: directory.path, subject: "assistant-0")
    }

    @Test("what was written is read again, also by a later process")
    func roundTrip() async {
        #expect(await mark.read(time: 0) == .missing)
        #expect(await mark.write(contents) == .written)
        #expect(await mark.read(time: 0) == .contents(contents, isWritable: true))
        let later = PublicationMark(directory: directory.path, subject: "assistant-0")
        #expect(await later.read(time: 0) == .contents(contents, isWritable: true))
        let files = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(files == ["published-assistant-0.json"])
    }

    @Test("an older process leaves the mark of a newer one alone")
    func superseded() async {
        #expect(await mark.write(contents) == .written)
        #expect(await mark.write(PublicationMark.Contents(generation: 4)) == .superseded)
        #expect(await mark.read(time: 0) == .contents(contents, isWritable: true))
        #expect(await mark.write(PublicationMark.Contents(generation: 6)) == .written)
    }

    @Test("subjects with any character have files of their own in the folder")
    func subjects() async {
        let names = ["../a", "a/b", "%2E", "ü", ""].map { PublicationMark(directory: directory.path, subject: $0) }
        #expect(names[0].path == directory.file("published-..%2Fa.json"))
        for (number, mark) in names.enumerated() {
            #expect(await mark.write(PublicationMark.Contents(generation: Int64(number))) == .written)
        }
        for (number, mark) in names.enumerated() {
            let expected = PublicationMark.Contents(generation: Int64(number))
            #expect(await mark.read(time: 0) == .contents(expected, isWritable: true))
        }
    }

    @Test(
        "a damaged mark is refused and set aside",
        arguments: [
            ("", "it is not a publication mark"),
            (
                "{\"earliestEpoch\":0,\"generation\":1,\"published\":{},\"version\":2}",
                "its format is version 2, this program reads 1"
            ),
            (
                "{\"earliestEpoch\":0,\"generation\":-1,\"published\":{},\"version\":1}",
                "a number in it is not in 0..<2^53"
            ),
            (
                "{\"earliestEpoch\":0,\"generation\":1,\"published\":{\"a\":{\"epoch\":9007199254740992,\"sequence\":1}},\"version\":1}",
                "a number in it is not in 0..<2^53"
            ),
            (String(repeating: "[", count: 100_000), "it is not a publication mark"),
            (String(repeating: " ", count: (4 << 20) + 1), "read: File too large"),
        ]
    )
    func damaged(text: String, reason: String) async throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: mark.path))
        #expect(await mark.read(time: 77) == .unreadable(reason: reason))
        #expect(try Data(contentsOf: URL(fileURLWithPath: mark.path + ".refused-77")) == Data(text.utf8))
        #expect(await mark.read(time: 78) == .missing)
    }

    @Test("a folder in the place of the mark is set aside too")
    func folder() async throws {
        try FileManager.default.createDirectory(atPath: mark.path, withIntermediateDirectories: false)
        #expect(await mark.read(time: 77) == .unreadable(reason: "read: Is a directory"))
        #expect(await mark.write(contents) == .written)
    }

    @Test("a mark that cannot be written says why")
    func unwritable() async {
        let nowhere = PublicationMark(directory: directory.file("missing"), subject: "a")
        #expect(await nowhere.write(contents) == .failed(reason: "open: No such file or directory"))
        #expect(await nowhere.read(time: 0) == .missing)
    }

    @Test("a mark that can no longer be written proves nothing from then on")
    func emptied() async throws {
        #expect(await mark.write(contents) == .written)
        try FileManager.default.createDirectory(atPath: mark.path + ".new", withIntermediateDirectories: false)
        #expect(await mark.write(contents) == .failed(reason: "open: Is a directory"))
        #expect(await mark.read(time: 0) == .unreadable(reason: "it is not a publication mark"))
    }
}
