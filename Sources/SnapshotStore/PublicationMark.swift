import BenchmarkModel
import Foundation

// WHAT PROMETHEUS MAY HAVE SEEN
//
// An acknowledgement of Redis is not yet durability, and a run that the store did not answer in time is published all the
// same. The mark is a small file that says how far publication got: after a restart, a store that is behind it has lost
// something, and its counters must not be exposed. It is written and synced before the publication, never after. Counters
// that begin at zero are a publication too: from then on what the store has of an earlier epoch is void.
//
// A new mark is written beside the old one, synced, renamed over it, and the folder synced: after a power cut there is the
// old one or the new one. Each start takes a greater generation; a process that finds a greater one than its own has been
// replaced and leaves the file alone. Looking and renaming are two steps, so an older process that writes in the same
// instant may win once; the next publication of the newer one puts that right.

/// The file that keeps the version of each benchmark that was published last.
package struct PublicationMark: Sendable {
    /// What the file says.
    struct Contents: Hashable {
        /// Of the process that wrote it, greater with every start; 0..<2^53.
        var generation: Int64
        /// Counters of an earlier epoch are void, of whichever benchmark.
        var earliestEpoch: Int64 = 0
        /// By the name of the benchmark, those that are no longer configured included.
        var published: [String: StateVersion] = [:]
    }

    /// What became of reading the file.
    enum Reading: Hashable {
        case missing
        /// `isWritable` says whether the mark can have kept up with what was published.
        case contents(Contents, isWritable: Bool)
        /// It was set aside where possible.
        case unreadable(reason: String)
    }

    /// What became of writing the file.
    enum Writing: Hashable {
        case written
        /// A newer process writes it.
        case superseded
        case failed(reason: String)
    }

    /// The largest file that is read, in bytes; an entry has some 60.
    private static let maximumSize = 4 << 20

    private let directory: String
    /// The path of the file.
    package let path: String
    private let queue = BlockingQueue(label: "publication-mark")

    /// The mark of `subject` in the folder `directory`.
    ///
    /// The subject is what has counters of its own: the instance, or the database file. It may hold any character.
    package init(directory: String, subject: String) {
        self.directory = directory
        path = "\(directory)/published-\(PercentEncoding.encode(subject, keeping: PercentEncoding.fileName)).json"
    }

    /// Reads the file; one that is damaged is set aside under a name with `time`, seconds since 1970.
    func read(time: Int64) async -> Reading {
        let mark = self
        return await queue.run { mark.read(at: time) } ?? .unreadable(reason: "the disk did not answer")
    }

    /// Replaces the file, and returns when it is on the disk.
    ///
    /// Where that fails the file is emptied: a mark that stands still would vouch for counters that it knows nothing of, and
    /// an empty one proves nothing. On a full disk that makes the room that a second attempt needs.
    func write(_ contents: Contents) async -> Writing {
        let mark = self
        return await queue.run { mark.replace(with: contents) } ?? .failed(reason: "the disk did not answer")
    }

    private func read(at time: Int64) -> Reading {
        do {
            let contents = try Contents(encoded: BlockingFile.read(path, atMost: Self.maximumSize))
            return .contents(contents, isWritable: access(directory, W_OK) == 0)
        } catch let error as FileError where error.number == ENOENT {
            return .missing
        } catch {
            rename(path, "\(path).refused-\(time)")
            return .unreadable(reason: "\(error)")
        }
    }

    private func replace(with contents: Contents) -> Writing {
        do {
            if let found = try? Contents(encoded: BlockingFile.read(path, atMost: Self.maximumSize)),
                found.generation > contents.generation
            {
                return .superseded
            }
            let bytes = try contents.encoded()
            do {
                try BlockingFile.replace(path, in: directory, with: bytes)
            } catch {
                BlockingFile.empty(path)
                try BlockingFile.replace(path, in: directory, with: bytes)
            }
            return .written
        } catch {
            return .failed(reason: "\(error)")
        }
    }
}

extension PublicationMark.Contents {
    private struct File: Codable {
        struct Version: Codable {
            var epoch: Int64
            var sequence: Int64
        }

        var version: Int
        var generation: Int64
        var earliestEpoch: Int64
        var published: [String: Version]
    }

    fileprivate struct Damage: Error, CustomStringConvertible {
        let description: String
    }

    fileprivate init(encoded: [UInt8]) throws {
        guard let file = try? JSONDecoder().decode(File.self, from: Data(encoded)) else {
            throw Damage(description: "it is not a publication mark")
        }
        guard file.version == 1 else {
            throw Damage(description: "its format is version \(file.version), this program reads 1")
        }
        let numbers =
            [file.generation, file.earliestEpoch] + file.published.values.flatMap { [$0.epoch, $0.sequence] }
        guard numbers.allSatisfy({ (0..<1 << 53).contains($0) }) else {
            throw Damage(description: "a number in it is not in 0..<2^53")
        }
        generation = file.generation
        earliestEpoch = file.earliestEpoch
        published = file.published.mapValues { StateVersion(epoch: $0.epoch, sequence: $0.sequence) }
    }

    fileprivate func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let published = published.mapValues { File.Version(epoch: $0.epoch, sequence: $0.sequence) }
        let file = File(version: 1, generation: generation, earliestEpoch: earliestEpoch, published: published)
        return Array(try encoder.encode(file))
    }
}
