import Glibc
import NIOCore

/// Why the server cannot serve; every other trouble ends one connection at most.
package struct ServerError: Error, CustomStringConvertible {
    /// What could not be done.
    package enum Code: Sendable, Hashable {
        /// The text is not an address to listen on.
        case invalidAddress
        /// The name of the host does not resolve.
        case unknownHost
        /// The system refuses the address, for instance because it is taken.
        case bind
        /// A listening socket stopped listening.
        case listenerClosed
        /// The text is not PEM with certificates.
        case certificate
        /// The text is not PEM with a key.
        case privateKey
        /// Certificate and key do not belong together, or not with what should be negotiated.
        case tls
    }

    package let code: Code
    /// The address as it was configured, or where the text comes from.
    package let address: String
    package let underlyingError: (any Error)?

    init(_ code: Code, address: String, underlyingError: (any Error)? = nil) {
        self.code = code
        self.address = address
        self.underlyingError = underlyingError
    }

    package var description: String {
        switch code {
        case .invalidAddress: "listen on '\(address)': expected HOST:PORT or :PORT with a port from 0 to 65535"
        case .unknownHost: "listen on \(address): the host name does not resolve"
        case .bind: "listen on \(address): \(reason)"
        case .listenerClosed: "listen on \(address): the socket was closed"
        case .certificate: "read certificates of \(address): \(reason)"
        case .privateKey: "read the key of \(address): \(reason)"
        case .tls: "use \(address) for TLS: \(reason)"
        }
    }

    private var reason: String {
        guard let error = underlyingError as? IOError else {
            return underlyingError.map { "\($0)" } ?? "refused"
        }
        let text = strerror(error.errnoCode).map { String(cString: $0) } ?? "error \(error.errnoCode)"
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
