package import BenchmarkModel
package import NIOCore

/// The instants of one exchange, on the monotonic clock of the event loops.
package struct HTTPTiming: Hashable, Sendable {
    /// Where the duration begins: just before the first byte of the request; on a cold connection, before resolving.
    package var startedAt: NIODeadline
    /// Just before the first byte of the request, on any connection.
    package var requestStartedAt: NIODeadline
    /// When the operating system had taken the whole request; not after `firstByteAt`.
    package var requestWrittenAt: NIODeadline
    /// The arrival of the first byte of the answer, its head included.
    package var firstByteAt: NIODeadline
    /// The arrival of the last byte; of the end of the stream, for a body that ends with it; of the failure, for a partial
    /// answer.
    package var completedAt: NIODeadline
    /// `nil` on a pooled connection, and where the host is an address.
    package var dns: Duration?
    /// From the first attempt to an established connection; `nil` on a pooled connection.
    package var connect: Duration?
    /// `nil` on a pooled connection and without TLS.
    package var tls: Duration?

    package init(
        startedAt: NIODeadline,
        requestStartedAt: NIODeadline,
        requestWrittenAt: NIODeadline,
        firstByteAt: NIODeadline,
        completedAt: NIODeadline,
        dns: Duration? = nil,
        connect: Duration? = nil,
        tls: Duration? = nil
    ) {
        self.startedAt = startedAt
        self.requestStartedAt = requestStartedAt
        self.requestWrittenAt = requestWrittenAt
        self.firstByteAt = firstByteAt
        self.completedAt = completedAt
        self.dns = dns
        self.connect = connect
        self.tls = tls
    }

    /// From `startedAt` to `completedAt`.
    package var duration: Duration { completedAt.duration(since: startedAt) }

    /// The phases that took place.
    package var phases: [ProbePhase: Duration] {
        var phases: [ProbePhase: Duration] = [
            .request: requestWrittenAt.duration(since: requestStartedAt),
            .wait: firstByteAt.duration(since: requestWrittenAt),
            .transfer: completedAt.duration(since: firstByteAt),
        ]
        phases[.dns] = dns
        phases[.connect] = connect
        phases[.tls] = tls
        return phases
    }
}

extension NIODeadline {
    /// The instant as outcomes carry it, ``IterationOutcome/endedAt``.
    package var uptime: Duration { .nanoseconds(uptimeNanoseconds) }

    /// The time from `earlier` to this instant; negative when `earlier` is later.
    package func duration(since earlier: NIODeadline) -> Duration {
        .nanoseconds((self - earlier).nanoseconds)
    }
}
