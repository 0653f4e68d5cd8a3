import Glibc
package import NIOCore

/// Why a command has no reply, or why there is no connection.
package struct RedisError: Error, Sendable {
    /// What went wrong.
    package enum Code: Sendable, Hashable, CaseIterable {
        /// The host has no address.
        case nameResolution
        /// No TCP connection: refused, unreachable, or closed before it was ready.
        case connect
        /// The handshake failed, the certificates included, or a file with one could not be read.
        case tls
        /// The server did not accept the user or the password.
        case authentication
        /// The server did not select the database.
        case database
        /// The deadline passed.
        case timeout
        /// What the server sent is not a reply.
        case protocolViolation
        /// The reply is beyond the limits.
        case tooLarge
        /// The connection was closed before the reply was complete, or before the command was written.
        case closed
        /// The calling task was cancelled.
        case cancelled
        /// The command has no word or more bytes than are sent; nothing was written.
        case invalidCommand
    }

    package var code: Code
    /// The first word of the command, without its arguments as they may be secret; `nil` while connecting.
    package var command: String?
    /// The host and the port.
    package var address: String
    /// What came back, such as `timed out after 0.5 s`.
    package var detail: String
    /// What the connection reported.
    package var underlyingError: (any Error)?
    /// Just before the first byte of the command was written; `nil` if none was.
    package var writtenAt: NIODeadline?

    package init(
        _ code: Code,
        command: String? = nil,
        address: String,
        detail: String,
        underlyingError: (any Error)? = nil,
        writtenAt: NIODeadline? = nil
    ) {
        self.code = code
        self.command = command
        self.address = address
        self.detail = detail
        self.underlyingError = underlyingError
        self.writtenAt = writtenAt
    }

    /// The detail of a connection that did not come about, in the words of the operating system where it has some.
    static func connectDetail(_ error: any Error) -> String {
        guard let error = error as? IOError, let text = unsafe strerror(error.errnoCode) else { return "\(error)" }
        return unsafe String(cString: text)
    }

    static let connectionClosed = "the connection was closed"
    static let wasCancelled = "cancelled"

    /// The detail of a timeout, to the hundredth of a second.
    static func timedOut(after time: TimeAmount) -> String {
        "timed out after \((Double(time.nanoseconds) / 1e7).rounded() / 100) s"
    }
}

extension RedisError: CustomStringConvertible {
    package var description: String {
        guard let command else { return "connecting to redis at \(address): \(detail)" }
        return "redis \(command) at \(address): \(detail)"
    }
}
