import Foundation
import Synchronization
import Testing

@testable import AIBenchmarkExporter

@Suite("the progress of a suite") struct SuiteProgressTests {
    /// What `body` draws, line by line, on a terminal of so many columns.
    private func lines(width: Int, isTerminal: Bool = true, _ body: (SuiteProgress) throws -> Void) rethrows -> [String]
    {
        let lines = Mutex<[String]>([])
        try body(SuiteProgress(isTerminal: isTerminal, width: width) { line in lines.withLock { $0.append(line) } })
        return lines.withLock(\.self)
    }

    @Test("another process is shown with what it is at, and the line is taken away once")
    func remote() {
        let drawn = lines(width: 80) { progress in
            progress.note(running: "health_check", ended: 1, of: 3, elapsed: .milliseconds(12_500))
            progress.note(running: nil, ended: 3, of: 3, elapsed: .seconds(13))
            progress.clear()
            progress.clear()
        }
        #expect(
            drawn == [
                "health_check  1 of 3 benchmarks have ended  12 s", "3 of 3 benchmarks have ended  13 s", "",
            ]
        )
    }

    @Test("without a terminal nothing is drawn, and there is nothing to take away")
    func plain() {
        let drawn = lines(width: 80, isTerminal: false) { progress in
            progress.note(running: "health_check", ended: 1, of: 3, elapsed: .seconds(1))
            progress.clear()
        }
        #expect(drawn.isEmpty)
    }

    @Test("a line is narrower than the terminal, and the name gives way first", arguments: [20, 40, 44])
    func narrow(width: Int) throws {
        let benchmark = try #require(try SampleRun.definitions(["memory_operations"]).first)
        let drawn = lines(width: width) { progress in
            progress.begin(benchmark)
            progress.note(running: "对话存储对话存储对话存储", ended: 1, of: 3, elapsed: .seconds(1))
        }
        for line in drawn { #expect(line.displayWidth < width) }
        if width > 20 { #expect(drawn.last?.hasSuffix("  1 of 3 benchmarks have ended  1 s") == (width == 44)) }
    }

    @Test("the width is that of the terminal that is asked, else that of COLUMNS")
    func width() throws {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(terminal >= 0)
        defer { close(terminal) }
        var size = winsize(ws_row: 24, ws_col: 40, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
        let pipe = Pipe()
        let other = pipe.fileHandleForWriting.fileDescriptor
        #expect(Terminal.width(["COLUMNS": "100"], of: terminal) == 40)
        #expect(Terminal.width(["COLUMNS": "100"], of: other) == 100)
        #expect(Terminal.width(["COLUMNS": "0"], of: other) == nil)
        #expect(Terminal.width([:], of: other) == nil)
    }
}
