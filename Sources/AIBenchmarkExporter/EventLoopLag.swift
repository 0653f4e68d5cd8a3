import NIOCore

/// How late an event loop gets round to what it should do, by tasks that it runs every few seconds.
struct EventLoopLag {
    /// The time between two beats: long enough to cost nothing.
    static let interval = TimeAmount.seconds(5)
    /// The beats of one minute.
    private static let rememberedBeats = 12

    /// When the next task should run.
    private(set) var nextBeat: NIODeadline
    private var lags: [TimeAmount] = []

    init(firstBeat: NIODeadline) {
        nextBeat = firstBeat
    }

    /// Notes that the task runs `now`, and when the next one should.
    mutating func beat(at now: NIODeadline) {
        lags.append(overdue(at: now))
        if lags.count > Self.rememberedBeats { lags.removeFirst() }
        nextBeat = now + Self.interval
    }

    /// How late the task is that has not run yet.
    func overdue(at now: NIODeadline) -> TimeAmount {
        max(.zero, now - nextBeat)
    }

    /// The greatest lag of the last minute, that of a task that is overdue included; `nil` before the first beat.
    func greatest(at now: NIODeadline) -> TimeAmount? {
        lags.max().map { max($0, overdue(at: now)) }
    }
}
