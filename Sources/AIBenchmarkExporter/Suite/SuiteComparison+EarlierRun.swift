import BenchmarkModel
import Foundation
import Probing

extension SuiteComparison {
    /// The longest file that is read, in bytes: the report of a hundred benchmarks of as many iterations as can be asked for.
    private static let maximumSize = 256 * 1024 * 1024

    /// The comparison with an earlier suite, of which the file has the JSON of `run --output json`.
    init(readingFile path: String) throws(CommandFailure) {
        do {
            self.init(try SuiteJSON.decodeEarlier(try Self.contents(of: path)))
        } catch {
            let message = "ai-benchmark-exporter: read --compare \(path): \(error)"
            throw CommandFailure(message: message.printable, status: .badUsage)
        }
    }

    /// Of anything that can be read to its end, such as a file or a pipe.
    private static func contents(of path: String) throws(RefusedDocument) -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RefusedDocument(reason: String(cString: strerror(errno))) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw RefusedDocument(reason: "it is a folder")
        }
        let data: Data
        do {
            data = try handle.read(upToCount: maximumSize + 1) ?? Data()
        } catch {
            throw RefusedDocument(reason: error.localizedDescription)
        }
        guard data.count <= maximumSize else { throw RefusedDocument(reason: "it is larger than 256 MiB") }
        return data
    }

    /// The comparison with an earlier suite.
    init(_ earlier: SuiteReport) {
        self.init(earlier.isPartial ? .earlierPartialRun : .earlierRun) { now in
            guard let operation = earlier.operations.first(where: { $0.identity == now.identity }) else {
                return .unknown("the earlier run has none of it")
            }
            guard operation.fingerprint == now.fingerprint else {
                return .unknown(
                    "the earlier run asked something else, or under another load: repeat it with the definition of now"
                )
            }
            guard !operation.valuesSeconds.isEmpty else { return .unknown("the earlier run has no success of it") }
            return .known(BaselineLevel(of: operation, at: earlier.completedAt))
        }
    }
}

extension BaselineLevel {
    /// What one run was like, as if its iterations were independent: one run does not say how much runs differ.
    fileprivate init(of operation: SuiteReport.Operation, at completedAt: Double) {
        let successes = operation.valuesSeconds.count
        self.init(
            values: operation.valuesSeconds,
            deviation: 1,
            runs: 1,
            successes: successes,
            failures: max(0, operation.samples) - min(successes, max(0, operation.samples)),
            startedAt: completedAt,
            completedAt: completedAt
        )
    }
}
