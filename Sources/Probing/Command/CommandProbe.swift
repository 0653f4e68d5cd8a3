package import BenchmarkModel
package import ExporterConfiguration
import Foundation
package import NIOCore
import Subprocess
import SystemPackage

/// Runs a program and looks at its exit status and its output.
///
/// The program leads a process group of its own, and all of the group is killed at the deadline, when the task is cancelled,
/// and when the program has ended: it leaves no children behind, unless these have left the group. It finds nothing in its
/// environment but `PATH` and what the target gives.
package struct CommandProbe: Probe {
    /// More of standard output, or of standard error, is not read.
    static let maximumBytes = 64 * 1024
    /// What Subprocess opens for a program: both ends of pipes for its output, its errors and its start, a file for its input
    /// and one for its end, and what it waits with.
    private static let descriptors = 10

    private let definition: CommandProbeDefinition
    private let configuration: Subprocess.Configuration
    private let check: TextExpectationCheck

    private enum Ending: Sendable {
        case exited(TerminationStatus, output: [UInt8], errors: [UInt8])
        case notRun(SubprocessError)
        /// Its input could not be made ready.
        case notStarted(Errno)
        case starved(DescriptorReserve.Shortage)
        case interrupted
        case deadlinePassed
    }

    /// `path` is the list of folders in which a program without a folder is looked for.
    package init(
        _ definition: CommandProbeDefinition,
        target: CommandTarget,
        path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    ) {
        self.definition = definition
        check = TextExpectationCheck(definition.expectedOutput)
        var environment: [Environment.Key: String] = ["PATH": path]
        for (name, value) in target.environment {
            if let key = Environment.Key(rawValue: name) { environment[key] = value.reveal }
        }
        let command = definition.usesShell ? ["/bin/sh", "-c"] + definition.run : definition.run
        let program = command.first ?? ""
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
        ]
        configuration = Subprocess.Configuration(
            executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .custom(environment),
            workingDirectory: target.directory.map { FilePath($0) },
            platformOptions: options
        )
    }

    package func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        let startedAt = NIODeadline.now()
        let ending = await ending(deadline: deadline)
        if Task.isCancelled { throw CancellationError() }
        let endedAt = NIODeadline.now()
        return IterationOutcome(
            duration: endedAt.duration(since: startedAt),
            failure: await failure(ending, deadline: deadline).map { failure in
                IterationFailure(failure.reason, "\(subject): \(failure.detail)")
            },
            endedAt: endedAt.uptime
        )
    }

    /// Waits for the end of the program or for the deadline, and then for the end of whatever is killed.
    private func ending(deadline: NIODeadline) async -> Ending {
        await withTaskGroup(of: Ending.self) { group in
            group.addTask { await run() }
            group.addTask {
                let rest = max(.zero, deadline.duration(since: .now()))
                return (try? await Task.sleep(for: rest)) == nil ? .interrupted : .deadlinePassed
            }
            let first = await group.next() ?? .interrupted
            group.cancelAll()
            await group.waitForAll()
            return first
        }
    }

    private func run() async -> Ending {
        do {
            try DescriptorReserve.claim(Self.descriptors)
            let result = try await Subprocess.run(
                configuration,
                input: .fileDescriptor(try standardInput(), closeAfterSpawningProcess: true),
                output: .bytes(limit: Self.maximumBytes),
                error: .bytes(limit: Self.maximumBytes)
            )
            // The number is that of the group for as long as a child is in it; else it is free, and the kernel, which hands
            // numbers out in turn, has not yet come back to it.
            kill(-result.processIdentifier.value, SIGKILL)
            return .exited(result.terminationStatus, output: result.standardOutput, errors: result.standardError)
        } catch let error as SubprocessError {
            return .notRun(error)
        } catch let error as DescriptorReserve.Shortage {
            return .starved(error)
        } catch let error as Errno {
            return .notStarted(error)
        } catch {
            return .interrupted
        }
    }

    /// The input as a file that has no name any more, and not as a pipe: a program need not read all of it, and a write
    /// into a pipe that nobody reads any more ends Subprocess 1.0.2 with a fatal error.
    private func standardInput() throws(Errno) -> SystemPackage.FileDescriptor {
        do {
            guard let input = definition.standardInput else {
                return try SystemPackage.FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
            }
            let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
            let file = try SystemPackage.FileDescriptor.open(
                FilePath(path),
                .readWrite,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite
            )
            unlink(path)
            do {
                try file.writeAll(input.utf8)
                try file.seek(offset: 0, from: .start)
            } catch {
                try? file.close()
                throw error
            }
            return file
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    private func failure(_ ending: Ending, deadline: NIODeadline) async -> IterationFailure? {
        switch ending {
        case .deadlinePassed:
            return IterationFailure(.timeout, "timed out and was killed")
        case .interrupted:
            return IterationFailure(.other, "was interrupted")
        case .notRun(let error) where error.code == .outputLimitExceeded:
            return IterationFailure(.tooLarge, "more than \(Self.maximumBytes) bytes of output")
        case .notRun(let error):
            return IterationFailure(.other, "\(error)")
        case .starved(let error):
            return IterationFailure(.other, "\(error)")
        case .notStarted(let error):
            return IterationFailure(.other, "no standard input: \(error)")
        case .exited(let status, let output, let errors):
            guard status == .exited(TerminationStatus.Code(definition.expectedStatus)) else {
                let words = errors.isEmpty ? "" : ", with the message \(Excerpt(errors))"
                let detail = "\(status.words) where exit status \(definition.expectedStatus) was expected\(words)"
                return IterationFailure(.exitStatus, detail)
            }
            let check = check
            let compare = { @Sendable in check.failure(of: output, called: "the output", deadline: deadline) }
            return check.mayTakeLong ? await onSeparateThread(compare) : compare()
        }
    }

    /// Names the program alone, as its arguments may be secret.
    private var subject: String {
        definition.usesShell ? "command of the shell" : "command \(definition.run.first ?? "")"
    }
}

extension TerminationStatus {
    fileprivate var words: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signaled(let signal): "killed by signal \(signal)"
        }
    }
}
