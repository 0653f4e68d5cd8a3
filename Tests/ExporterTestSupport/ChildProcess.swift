import Foundation
import Synchronization

/// A real program that a test started, with its output by lines.
package final class ChildProcess: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) {
            self.description = description
        }
    }

    private let process: Process
    private let output: LineLog
    private let exit: ExitStatus

    /// Starts `executable`, a path or a name to look up in `PATH`; throws when it is missing, with the name of the
    /// `debianPackage` that brings it.
    package init(
        _ executable: String,
        debianPackage: String? = nil,
        arguments: [String],
        environment: [String: String] = [:],
        directory: String? = nil,
        standardInput: String? = nil
    ) throws {
        let path = try Self.locate(executable, debianPackage: debianPackage)
        let process = Process()
        let output = LineLog()
        let exit = ExitStatus()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        let pipe = Pipe()
        process.standardInput = standardInput.flatMap { FileHandle(forReadingAtPath: $0) } ?? FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        process.terminationHandler = { exit.set($0.terminationStatus) }
        try process.run()
        // A thread that blocks and not a readability handler: on Linux taking one down races with the closing of its
        // descriptor, which ends the test process inside libdispatch once in a while.
        let reader = pipe.fileHandleForReading
        Thread.detachNewThread {
            while case let data = reader.availableData, !data.isEmpty { output.append(Array(data)) }
            output.finish()
        }
        self.process = process
        self.output = output
        self.exit = exit
    }

    deinit {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    package var processIdentifier: Int32 { process.processIdentifier }

    /// All lines so far, standard output and standard error in the order in which they were read.
    package var lines: [String] { output.lines }

    /// Waits for a line that contains `text`, also among those already printed; throws when the output, or the time of the test, ends
    /// without it.
    @discardableResult
    package func waitForLine(containing text: String) async throws -> String {
        _ = await output.waitForLines(containing: text, count: 1)
        guard let line = lines.first(where: { $0.contains(text) }) else {
            let name = process.executableURL?.lastPathComponent ?? "the program"
            throw Failure(
                "\(name) ended, or the test's time, without a line that contains '\(text)'; it printed:\n"
                    + output.lines.suffix(20).joined(separator: "\n")
            )
        }
        return line
    }

    /// Waits until `count` lines that contain `text` have been printed.
    package func waitForLines(containing text: String, count: Int) async throws {
        guard await output.waitForLines(containing: text, count: count) else {
            throw Failure("the program ended with fewer than \(count) lines that contain '\(text)'")
        }
    }

    /// Sends a signal, such as `SIGTERM`, `SIGKILL`, `SIGSTOP` or `SIGCONT`.
    package func signal(_ number: Int32) {
        Foundation.kill(process.processIdentifier, number)
    }

    /// Waits for the end of the program and returns its exit status, or the number of the signal that ended it.
    package func waitForExit() async -> Int32 {
        await exit.value()
    }

    /// Kills the program at once and waits for its end.
    package func kill() async {
        signal(SIGKILL)
        _ = await waitForExit()
    }

    private static func locate(_ executable: String, debianPackage: String?) throws -> String {
        if executable.contains("/") { return executable }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for folder in folders + ["/usr/sbin", "/sbin"] {
            let path = "\(folder)/\(executable)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        let hint = debianPackage.map { ": install it with 'apt-get install \($0)', as 'make test' does" } ?? ""
        throw Failure("\(executable) is not installed\(hint)")
    }
}

/// Bytes in, lines out, and a wait for lines that contain a text.
private final class LineLog: Sendable {
    private struct Waiter {
        var id: Int
        var text: String
        var count: Int
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var lines: [String] = []
        var rest: [UInt8] = []
        var isFinished = false
        var lastID = 0
        var waiters: [Waiter] = []

        func satisfies(_ waiter: Waiter) -> Bool {
            lines.count { $0.contains(waiter.text) } >= waiter.count
        }
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock(\.lines) }

    func append(_ bytes: [UInt8]) {
        let woken = state.withLock { state -> [Waiter] in
            state.rest += bytes
            while let end = state.rest.firstIndex(of: UInt8(ascii: "\n")) {
                state.lines.append(String(decoding: state.rest[..<end], as: UTF8.self))
                state.rest.removeSubrange(...end)
            }
            let woken = state.waiters.filter(state.satisfies)
            state.waiters.removeAll(where: state.satisfies)
            return woken
        }
        for waiter in woken { waiter.continuation.resume(returning: true) }
    }

    func finish() {
        let waiters = state.withLock { state in
            state.isFinished = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
    }

    /// Whether so many lines have come before the end of the output, or that of the task.
    func waitForLines(containing text: String, count: Int) async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    let waiter = Waiter(id: id, text: text, count: count, continuation: continuation)
                    if state.satisfies(waiter) { return true }
                    if state.isFinished || Task.isCancelled { return false }
                    state.waiters.append(waiter)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: false)
        }
    }
}

/// An exit status that can be awaited.
private final class ExitStatus: Sendable {
    private struct State {
        var status: Int32?
        var waiters: [CheckedContinuation<Int32, Never>] = []
    }

    private let state = Mutex(State())

    func set(_ status: Int32) {
        let waiters = state.withLock { state in
            state.status = status
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }

    func value() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> Int32? in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }
}
