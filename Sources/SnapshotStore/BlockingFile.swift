import Foundation

/// A call on a file that failed.
struct FileError: Error, CustomStringConvertible {
    /// The call, such as `fsync`.
    var call: String
    /// The `errno` that it left.
    var number: Int32

    var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// Small files, read and written by calls that block until the disk has answered.
enum BlockingFile {
    /// The bytes of the file; one that is larger than `limit` is `EFBIG`.
    static func read(_ path: String, atMost limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = try check("open", open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK))
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try check("read", Foundation.read(descriptor, &chunk, chunk.count))
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            if bytes.count > limit { throw FileError(call: "read", number: EFBIG) }
        }
    }

    /// Puts a file with `bytes` in the place of `path`, whole or not at all, and returns when that survives a power cut.
    static func replace(_ path: String, in directory: String, with bytes: [UInt8]) throws(FileError) {
        let new = path + ".new"
        let descriptor = try check("open", open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644))
        do throws(FileError) {
            defer { close(descriptor) }
            try write(bytes, to: descriptor)
            try check("fsync", fsync(descriptor))
        } catch {
            unlink(new)
            throw error
        }
        try check("rename", rename(new, path))
        let folder = try check("open", open(directory, O_RDONLY | O_CLOEXEC))
        defer { close(folder) }
        try check("fsync", fsync(folder))
    }

    /// Leaves nothing in the file, which is made where there is none; as far as that is possible.
    static func empty(_ path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            rest = rest.dropFirst(try check("write", count))
        }
    }

    @discardableResult
    private static func check<Number: SignedInteger>(_ call: String, _ result: Number) throws(FileError) -> Number {
        guard result >= 0 else { throw FileError(call: call, number: errno) }
        return result
    }
}
