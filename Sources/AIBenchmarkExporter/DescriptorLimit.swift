import Glibc

/// How many descriptors the process may have.
///
/// It must never get there: libdispatch looks at its threads through /proc once in a while, and ends the process where it
/// cannot open a file (`_dispatch_workq_monitor_pools`). So the limit is raised as far as it takes for everything, and the
/// server admits no more connections than leave as much again for everything else.
struct DescriptorLimit {
    let value: Int

    /// How many connections the server may have: half, without those that the system hands over at once and what the
    /// process has open in any case.
    var connections: Int { max(8, value / 2 - 48) }

    /// Enough for the most connections of the server and thousands of probes at once, and few enough for programs that a
    /// probe runs and that close all that they might have inherited.
    private static let wanted: rlim_t = 8192

    /// Raises the limit where the system lets the process, and returns what it is then.
    static func raise() -> Self {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return Self(value: 1024) }
        if limit.rlim_cur < wanted {
            var raised = limit
            raised.rlim_cur = min(wanted, limit.rlim_max)
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Self(value: Int(clamping: limit.rlim_cur))
    }
}
