/// An operation on a store that did not succeed.
package struct StoreError: Error, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Hashable, Sendable {
        /// The store said no, or could not be reached.
        case failed
        /// Nothing came back in time; the operation may have taken effect all the same.
        case timedOut
        /// A newer process owns the instance.
        case fenced
    }

    package var code: Code
    package var operation: StoreOperation
    /// The store, such as `sqlite:/var/lib/exporter.db`, without a credential; of a lock, its file.
    package var subject: String
    /// What came back, as a clause.
    package var answer: String
    package var underlyingError: (any Error)?

    package init(
        _ code: Code,
        _ operation: StoreOperation,
        of subject: String,
        answer: String,
        underlyingError: (any Error)? = nil
    ) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.answer = answer
        self.underlyingError = underlyingError
    }

    package var description: String {
        switch operation {
        case .restore: "restore from \(subject): \(answer)"
        case .commit: "commit to \(subject): \(answer)"
        case .read: "read from \(subject): \(answer)"
        case .lock: "lock \(subject): \(answer)"
        }
    }
}
