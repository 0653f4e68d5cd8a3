import ExporterTestSupport
import Foundation

// WHAT NO INPUT MAY DO
//
// End the process. Each target is a parser of bytes from outside; a corpus of right and of hostile inputs is damaged at
// random, again and again. The input at work is kept in a file, so that one that ends the process is there afterwards: it
// belongs into Tests/Fixtures/fuzz/TARGET.

/// The command: where the corpora are, how many inputs for each target, and which seed.
@main struct Fuzz {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard (2...3).contains(arguments.count), let count = Int(arguments[1]) else {
            print("usage: fuzz FIXTURES INPUTS [SEED]")
            exit(2)
        }
        let seed = arguments.count == 3 ? UInt64(arguments[2]) ?? 0 : UInt64.random(in: 0...UInt64.max)
        let kept = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-input")
        for target in FuzzTarget.all {
            let corpus = try target.folders.flatMap { try inputs(in: "\(arguments[0])/\($0)") }
            guard !corpus.isEmpty else { throw CocoaError(.fileNoSuchFile) }
            var mutation = Mutation(corpus: corpus, seed: seed)
            let begin = ContinuousClock.now
            var longest = Duration.zero
            for number in 0..<count {
                let input = number < corpus.count ? corpus[number] : mutation.next()
                try Data(input).write(to: kept)
                let start = processorTime()
                target.read(input)
                longest = max(longest, processorTime() - start)
                guard longest < .seconds(2) else {
                    print("\(target.name): the input in \(kept.path) took \(longest)")
                    exit(1)
                }
            }
            let seconds = begin.duration(to: .now)
            print("\(target.name): \(count) inputs from \(corpus.count), seed \(seed), \(seconds), longest \(longest)")
        }
    }

    /// That of the process: others on the machine do not count.
    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private static func inputs(in folder: String) throws -> [[UInt8]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        return try names.compactMap { name in
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                return nil
            }
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        }
    }
}
