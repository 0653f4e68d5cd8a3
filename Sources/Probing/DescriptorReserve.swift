import Foundation

// WHY THE LAST DESCRIPTORS ARE NOT FOR PROBES
//
// libdispatch looks at its threads through /proc once a second, and ends the process where it cannot open a file
// (`_dispatch_workq_monitor_pools`). The server has a number of connections that it does not exceed, and the store keeps the
// few that it has; how many a probe wants depends on the service that it asks, which may just hold on to them. The kernel
// gives out the lowest free number. So whoever opens nothing once that number is high leaves what is above it to the others.

/// The descriptors that are left to everything but probes.
package enum DescriptorReserve {
    /// Why a probe opened nothing.
    package struct Shortage: Error, Hashable, CustomStringConvertible {
        let limit: Int

        package var description: String {
            "the exporter is short of descriptors, of which it may have \(limit) (ulimit -n)"
        }
    }

    /// The most that are left; of a low limit a quarter.
    private static let most = 64

    /// Throws where opening `count` descriptors would begin to use up the reserve.
    ///
    /// To be called just before they are opened, on the same thread: others that do the same at that moment are not seen.
    package static func claim(_ count: Int) throws(Shortage) {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else { return }
        let limit = Int(clamping: limits.rlim_cur)
        let lowest = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
        if lowest >= 0 { close(lowest) }
        guard lowest >= 0, Int(lowest) + count <= limit - min(most, limit / 4) else { throw Shortage(limit: limit) }
    }
}
