import BenchmarkModel
import ExporterTestSupport
import Foundation
import NIOCore
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("Command probe", .timeLimit(.minutes(1)))
struct CommandProbeTests {
    private func outcome(
        _ run: [String],
        shell: Bool = false,
        stdin: String? = nil,
        status: Int = 0,
        output: TextExpectation = TextExpectation(),
        target: CommandTarget = CommandTarget(),
        deadline: NIODeadline = .generous
    ) async throws -> IterationOutcome {
        let definition = CommandProbeDefinition(
            run: run,
            usesShell: shell,
            standardInput: stdin,
            expectedStatus: status,
            expectedOutput: output
        )
        return try await CommandProbe(definition, target: target).execute(deadline: deadline)
    }

    @Test("a program that exits with the expected status and output is a success")
    func success() async throws {
        #expect(try await outcome(["true"]).failure == nil)
        #expect(try await outcome(["/bin/false"], status: 1).failure == nil)
        let echo = try await outcome(["echo", "$HOME", "*"], output: TextExpectation(contains: "$HOME *\n"))
        #expect(echo.failure == nil)
        #expect(echo.duration > .zero)
        let cat = try await outcome(["cat"], stdin: "answer 42", output: TextExpectation(matches: "^answer [0-9]+$"))
        #expect(cat.failure == nil)
    }

    @Test("a program need not read its input")
    func unreadInput() async throws {
        let input = String(repeating: "x", count: 1 << 20)
        #expect(try await outcome(["true"], stdin: input).failure == nil)
        #expect(try await outcome(["head", "-c1"], stdin: input).failure == nil)
    }

    @Test("only a shell that is asked for reads the command")
    func shell() async throws {
        let shell = try await outcome(["exit $((40 + 2))"], shell: true, status: 42)
        #expect(shell.failure == nil)
    }

    @Test("the environment is PATH and what the target gives, and the directory is that of the target")
    func surroundings() async throws {
        let target = CommandTarget(directory: "/usr/share", environment: ["TOKEN": Secret("abc")])
        let expected = TextExpectation(matches: "\\A(PATH=[^\\n]*\\nTOKEN=abc|TOKEN=abc\\nPATH=[^\\n]*)\\n\\z")
        #expect(try await outcome(["env"], output: expected, target: target).failure == nil)
        let directory = TextExpectation(matches: "\\A/usr/share\\n\\z")
        #expect(try await outcome(["/bin/pwd"], output: directory, target: target).failure == nil)
    }

    @Test(
        "what is not expected is a failure with its reason",
        arguments: [
            (
                "exit 3", .exitStatus, "exit status 3 where exit status 0 was expected"
            ),
            (
                "echo no token >&2; exit 1", .exitStatus,
                "exit status 1 where exit status 0 was expected, with the message 'no token '"
            ),
            ("kill -9 $$", .exitStatus, "killed by signal 9 where exit status 0 was expected"),
            ("echo bad", .validation, "the output 'bad ' does not contain 'good'"),
            ("yes good", .tooLarge, "more than 65536 bytes of output"),
            ("sleep 60", .timeout, "timed out and was killed"),
        ] as [(String, FailureReason, String)]
    )
    func failures(command: String, reason: FailureReason, detail: String) async throws {
        let deadline: NIODeadline = reason == .timeout ? .near : .generous
        let outcome = try await outcome(
            [command],
            shell: true,
            output: TextExpectation(contains: "good"),
            deadline: deadline
        )
        #expect(outcome.failure == IterationFailure(reason, "command of the shell: \(detail)"))
    }

    @Test("a program or a directory that is not there is a failure")
    func missing() async throws {
        let program = try await outcome(["no-such-program"])
        #expect(program.failure?.reason == .other)
        #expect(program.failure?.detail.hasPrefix("command no-such-program: ") == true)
        let directory = try await outcome(["true"], target: CommandTarget(directory: "/nowhere"))
        #expect(directory.failure?.reason == .other)
    }

    @Test(
        "the children of a program are killed with it, at the deadline and when it has ended",
        arguments: [("sleep 600", .timeout), ("exit 0", nil), ("exit 3", .exitStatus)] as [(String, FailureReason?)]
    )
    func children(_ ending: String, _ reason: FailureReason?) async throws {
        let directory = try TemporaryDirectory()
        let pipe = directory.file("pipe")
        // The child holds the pipe open for as long as it lives; its reader ends when the child does.
        #expect(try await outcome(["mkfifo", pipe]).failure == nil)
        let reader = try ChildProcess("cat", debianPackage: "coreutils", arguments: [pipe])
        let outcome = try await outcome(
            ["exec 3>\(pipe); sleep 600 & \(ending)"],
            shell: true,
            deadline: reason == .timeout ? .near : .generous
        )
        #expect(outcome.failure?.reason == reason)
        #expect(await reader.waitForExit() == 0)
    }

    @Test("a cancelled task gets no outcome, and its program is killed")
    func cancelled() async throws {
        let directory = try TemporaryDirectory()
        let pipe = directory.file("pipe")
        #expect(try await outcome(["mkfifo", pipe]).failure == nil)
        let reader = try ChildProcess("cat", debianPackage: "coreutils", arguments: [pipe])
        let isCancelled = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    _ = try await outcome(["echo ready > \(pipe); exec sleep 600 > \(pipe)"], shell: true)
                    return false
                } catch is CancellationError {
                    return true
                }
            }
            try await reader.waitForLine(containing: "ready")
            group.cancelAll()
            return try await group.next() ?? false
        }
        #expect(isCancelled)
        #expect(await reader.waitForExit() == 0)
    }
}
