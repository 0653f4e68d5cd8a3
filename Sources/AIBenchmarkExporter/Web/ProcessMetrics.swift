import BenchmarkModel
import Foundation
import Recording

/// What every Prometheus client says of its process, read from `/proc/self`.
enum ProcessMetrics {
    /// The families that can be read here; what the kernel does not offer is left out.
    static func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        let fields = statFields()
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        // Numbers of proc(5) "/proc/[pid]/stat", whose field 3 is the first behind the name: utime 14, stime 15,
        // starttime 22, vsize 23, rss 24.
        if let user = fields?[safe: 11], let system = fields?[safe: 12] {
            families.append(MetricCatalog.processCPU.family((user + system) / ticks))
        }
        if let descriptors = openDescriptors() {
            families.append(MetricCatalog.processOpenDescriptors.family(descriptors))
        }
        if let limit = descriptorLimit() { families.append(MetricCatalog.processMaximumDescriptors.family(limit)) }
        if let size = fields?[safe: 20] { families.append(MetricCatalog.processVirtualMemory.family(size)) }
        if let pages = fields?[safe: 21] {
            families.append(MetricCatalog.processResidentMemory.family(pages * Double(sysconf(Int32(_SC_PAGESIZE)))))
        }
        if let start = startTime { families.append(MetricCatalog.processStartTime.family(start)) }
        return families
    }

    /// When the process started, in seconds since 1970; it does not change, so it is read once.
    private static let startTime: Double? = {
        guard let sinceBoot = statFields()?[safe: 19], let stat = read("/proc/stat"),
            let line = stat.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let boot = Double(line.dropFirst("btime ".count))
        else { return nil }
        return boot + sinceBoot / Double(sysconf(Int32(_SC_CLK_TCK)))
    }()

    /// The fields behind the program's name, which may hold blanks and parentheses itself.
    private static func statFields() -> [Double]? {
        guard let stat = read("/proc/self/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        return stat[stat.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
    }

    private static func openDescriptors() -> Double? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Not the entries for the folder itself and its parent, nor the descriptor that reads it.
        return Double(count - 3)
    }

    private static func descriptorLimit() -> Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Double(limit.rlim_cur)
    }

    private static func read(_ path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.readToEnd() else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}

extension Array {
    /// The element at `index`; `nil` where there is none.
    fileprivate subscript(safe index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
