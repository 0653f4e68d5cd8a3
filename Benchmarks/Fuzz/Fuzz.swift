import CFuzzer
import Foundation

// WHAT NO INPUT MAY DO
//
// End the process, take long, or take memory without bound. Each target is a parser of bytes from outside; libFuzzer damages
// a corpus of right and of hostile inputs again and again, and keeps what reaches code that no input reached before. An
// input that breaks a parser is left behind as a file: once that is mended, it belongs into Tests/Fixtures/fuzz/TARGET.

/// The command: the name of a target, then the options and folders of libFuzzer (`-help=1` prints them).
@main struct Fuzz {
    private static let target = CommandLine.arguments.dropFirst().first.flatMap { name in
        FuzzTarget.all.first { $0.name == name }
    }

    static func main() {
        guard target != nil else {
            let names = FuzzTarget.all.map(\.name).joined(separator: "|")
            FileHandle.standardError.write(Data("usage: fuzz \(names) [-OPTION=VALUE]… [FOLDER]…\n".utf8))
            exit(2)
        }
        // The program's name, and what follows the target's.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        let status = LLVMFuzzerRunDriver(&count, &arguments) { data, size in
            let outcome = Fuzz.target?.outcome(Array(UnsafeBufferPointer(start: data, count: size))) ?? ""
            fuzzer_count_outcome(outcome.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
            return 0
        }
        exit(status)
    }
}
