import ExporterTestSupport
import Foundation
import Testing

@Suite("commands beside a store", .timeLimit(.minutes(1))) struct StoreCommandTests {
    private static func permit(_ permissions: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
    }

    @Test(
        "looking needs no right to write and leaves nothing behind, whether the store is open or not",
        arguments: [false, true],
        [["history", "health_check"], ["baseline", "show"]]
    )
    func readOnly(isOpen: Bool, command: [String]) async throws {
        let history = try await StoredHistory.make()
        if !isOpen { await history.close() }
        let files = try FileManager.default.contentsOfDirectory(atPath: history.directory.path).sorted()
        #expect(files.contains("state.db-wal") == isOpen)
        for file in files { try Self.permit(0o444, history.directory.file(file)) }
        try Self.permit(0o555, history.directory.path)
        let looked = try await history.run(command, shell: ExporterProcess.withoutPrivileges)
        try Self.permit(0o755, history.directory.path)
        #expect(looked.status == 0)
        #expect(looked.output.contains("health_check"), "\(looked.output)")
        #expect(looked.output.contains("100 ms"), "\(looked.output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: history.directory.path).sorted() == files)
        await history.close()
    }

    @Test(
        "the history of a benchmark without runs is empty, that of one which is not known is a mistake",
        arguments: [
            (["health_check", "--since", "1s"], 0, "history: no run of 'health_check' within 1s"),
            (
                ["health_check", "--since", "1s", "--output", "json"], 0,
                "history: no run of 'health_check' within 1s\n[\n\n]"
            ),
            (["nonsense"], 2, "history: the store has no benchmark 'nonsense'; it has health_check"),
            (
                ["nonsense", "--output", "csv"], 2,
                "history: the store has no benchmark 'nonsense'; it has health_check"
            ),
        ] as [([String], Int32, String)]
    )
    func emptyHistory(arguments: [String], status: Int32, output: String) async throws {
        let history = try await StoredHistory.make()
        await history.close()
        let shown = try await history.run(["history"] + arguments)
        #expect(shown.status == status)
        #expect(shown.output == output)
    }

    @Test("CSV ends with the end of its last line")
    func lineEnd() async throws {
        let history = try await StoredHistory.make()
        await history.close()
        let arguments = ["history", "health_check", "--output", "csv"]
        let end = try await history.run(arguments, shell: "\"$0\" \"$@\" | tail -c 3 | od -An -c")
        #expect(end.output.hasSuffix(#",  \r  \n"#), "\(end.output)")
    }

    @Test(
        "a name that would move the cursor of a terminal is shown and does not",
        arguments: [["history", "health_check"], ["baseline", "show"], ["baseline", "reset", "--all"]]
    )
    func controlCharacters(command: [String]) async throws {
        let history = try await StoredHistory.make(operation: "get\u{1B}[2J\u{9B}2J\u{202E}")
        await history.close()
        let shown = try await history.run(command)
        #expect(shown.status == 0)
        #expect(shown.output.contains("get [2J 2J"), "\(shown.output)")
        #expect(!shown.output.unicodeScalars.contains { ["\u{1B}", "\u{9B}", "\u{202E}"].contains($0) })
    }

    @Test("where nobody can know whether the store is in use, a change is refused, and says why")
    func unknownLock() async throws {
        let history = try await StoredHistory.make()
        await history.close()
        try Data().write(to: URL(fileURLWithPath: history.directory.file("state.db.lock")))
        try Self.permit(0, history.directory.file("state.db.lock"))
        let refused = try await history.run(["baseline", "reset", "--all"], shell: ExporterProcess.withoutPrivileges)
        #expect(refused.status == 1)
        #expect(refused.output == "baseline reset: lock ./state.db.lock: Permission denied")
        try Self.permit(0o444, history.directory.file("state.db.lock"))
        let done = try await history.run(["baseline", "reset", "--all"], shell: ExporterProcess.withoutPrivileges)
        #expect(done.status == 0)
        #expect(done.output == "health_check get of assistant: the baseline is learnt anew")
    }

    @Test(
        "an exporter holds the lock on a file that it may only read, and says what follows where it may not even that",
        arguments: [0o444, 0]
    )
    func foreignLock(permissions: Int) async throws {
        let directory = try TemporaryDirectory()
        try Data().write(to: URL(fileURLWithPath: directory.file("state.db.lock")))
        try Self.permit(permissions, directory.file("state.db.lock"))
        let service = try await ScriptedService.start(.always("ok"))
        let exporter = try await ExporterProcess.start(
            configuration: RunningDemo.learning(port: service.port),
            in: directory,
            shell: ExporterProcess.withoutPrivileges
        )
        try await exporter.process.waitForLine(containing: "grade changed")
        let warning = exporter.process.lines.first { $0.contains("the store has no lock") }
        if permissions == 0 {
            let reason = "reason=\"lock ./state.db.lock: Permission denied\""
            #expect(try #require(warning).contains(reason), "\(warning ?? "")")
        } else {
            #expect(warning == nil)
            let refused = try await ExporterProcess.run(["baseline", "reset", "--all"], in: directory)
            #expect(refused.status == 1)
            #expect(refused.output.contains("an exporter is using the store"), "\(refused.output)")
        }
        #expect(await exporter.stop() == 0)
    }

    @Test("where nothing is stored nothing is changed, and nothing is made", arguments: ["reset", "accept", "show"])
    func nothingStored(action: String) async throws {
        let redis = try await RedisServer.start()
        let directory = try TemporaryDirectory()
        let configuration = RunningDemo.learning(port: 9, store: redis.url)
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let all = action == "show" ? [] : ["--all"]
        let refused = try await ExporterProcess.run(["baseline", action] + all, in: directory)
        #expect(refused.status == 1)
        #expect(
            refused.output
                == "baseline \(action): no exporter has stored anything yet in \(redis.url), instance test"
        )
        #expect(try await redis.command("DBSIZE") == ["0"])
    }
}
