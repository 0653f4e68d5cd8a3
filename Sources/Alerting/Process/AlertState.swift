import BenchmarkModel

/// Where one alert stands: inactive → pending → firing → resolved.
///
/// It is a value that is stored, so that a restart neither fires an alert again nor forgets one. Times are of the wall clock,
/// in seconds since 1970, as they must mean the same after a restart.
package struct AlertState: Hashable, Sendable, Codable {
    /// What of the four an alert is, and since when.
    package enum Phase: Hashable, Sendable, Codable {
        case inactive
        /// The condition has held since a time, at which there had been so many runs.
        case pending(since: Double, runs: Double)
        /// Since the condition held; `clearedAt` is when it last ceased to, while the alert is kept firing.
        case firing(since: Double, clearedAt: Double?)
        /// Between the two times it had fired.
        case resolved(since: Double, at: Double)
    }

    /// How long a resolved alert is remembered, so that those who were told of it are told of its end, in seconds.
    package static let resolvedRetention = 300.0

    package private(set) var phase = Phase.inactive

    package init() {}

    /// What a change of phase is called.
    package enum Change: String, Hashable, Sendable {
        case pending, firing, resolved
        /// The condition ceased to hold before the alert fired.
        case cancelled
    }

    /// Takes notice of whether the condition holds `now`, and returns what that has changed.
    ///
    /// The alert fires once the condition has held for the time that the settings say and, where it is about runs, over two:
    /// `runs` is the number of them so far, and `nil` where it is not.
    package mutating func observe(
        _ holds: Bool,
        at now: Double,
        runs: Double?,
        _ settings: AlertSettings
    ) -> Change? {
        switch (phase, holds) {
        case (.resolved(_, let at), false):
            if abs(now - at) > Self.resolvedRetention { phase = .inactive }
            return nil
        case (.inactive, false): return nil
        case (.inactive, true), (.resolved, true):
            phase = .pending(since: now, runs: runs ?? 0)
            return fireIfHeld(at: now, runs: runs, settings) ?? .pending
        case (.pending, true): return fireIfHeld(at: now, runs: runs, settings)
        case (.pending, false):
            phase = .inactive
            return .cancelled
        case (.firing(let since, _), true):
            phase = .firing(since: since, clearedAt: nil)
            return nil
        case (.firing(let since, let clearedAt), false):
            let clearedAt = min(clearedAt ?? now, now)
            guard now - clearedAt >= settings.keepFiring.seconds else {
                phase = .firing(since: since, clearedAt: clearedAt)
                return nil
            }
            phase = .resolved(since: since, at: now)
            return .resolved
        }
    }

    /// Ends an alert whose benchmark is gone, or that is no longer wanted.
    package mutating func retire(at now: Double) -> Change? {
        switch phase {
        case .inactive, .resolved: return nil
        case .pending:
            phase = .inactive
            return .cancelled
        case .firing(let since, _):
            phase = .resolved(since: since, at: now)
            return .resolved
        }
    }

    /// A clock that was set back makes the alert wait no longer than from now on; a count that began anew, no longer than for
    /// a run from now on.
    private mutating func fireIfHeld(at now: Double, runs: Double?, _ settings: AlertSettings) -> Change? {
        guard case .pending(let since, let runsBefore) = phase else { return nil }
        let earliest = min(since, now)
        let fewest = min(runsBefore, runs ?? runsBefore)
        phase = .pending(since: earliest, runs: fewest)
        guard now - earliest >= settings.hold.seconds, runs.map({ $0 > fewest }) ?? true else { return nil }
        phase = .firing(since: earliest, clearedAt: nil)
        return .firing
    }
}
