import Foundation

/// Does `work` on a thread of its own, so that none of the few that all tasks share is held up by it.
///
/// For what takes as long as a service wants: an unlucky text keeps a regular expression busy until the deadline, and
/// meanwhile the iterations of other benchmarks are to end in time.
func onSeparateThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: work()) }
        thread.name = "check"
        thread.start()
    }
}
