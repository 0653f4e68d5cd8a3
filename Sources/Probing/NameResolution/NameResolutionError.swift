/// Why a name has no address.
package struct NameResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why there is no address.
    package enum Code: Hashable, Sendable {
        /// The resolver's own words, such as `Name or service not known`.
        case failed(String)
        case timedOut
        /// The task was cancelled.
        case cancelled
    }

    package var code: Code
    package var host: String

    package init(_ code: Code, host: String) {
        self.code = code
        self.host = host
    }

    package var description: String {
        switch code {
        case .failed(let words): "resolving \(host): \(words)"
        case .timedOut: "resolving \(host): timed out"
        case .cancelled: "resolving \(host): cancelled"
        }
    }
}
