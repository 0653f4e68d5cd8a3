import Foundation

/// The pages of code that only the start has used.
///
/// The kernel maps code in windows of 64 KiB around each touch, and the start touches most of a statically linked program
/// once: parsing arguments and YAML, looking up protocol conformances. Without these pages the exporter at rest has 2 to
/// 3 MiB less in memory (`Scripts/measure-footprint`).
enum StartupPages {
    /// Gives the pages back; what is still needed comes back from the page cache with the next touch.
    ///
    /// Only mappings of files that are executable and not writable are named, none of which can have been changed.
    static func release() {
        guard let handle = FileHandle(forReadingAtPath: "/proc/self/maps"), let data = try? handle.readToEnd() else {
            return
        }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.contains(" r-xp ") {
            let bounds = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard line.contains("/"), bounds.count == 2, let begin = UnsafeMutableRawPointer(bitPattern: bounds[0])
            else {
                continue
            }
            madvise(begin, Int(bounds[1] - bounds[0]), Int32(MADV_DONTNEED))
        }
    }
}
