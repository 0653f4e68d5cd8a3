import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// What went wrong with a connection, told apart as far as failures are counted apart.
enum HTTPConnectionFault: Sendable, CustomStringConvertible {
    /// The peer closed the connection (`nil`), or it broke in this way.
    case ended(String?)
    /// Connecting took longer than its share of the time.
    case timedOut
    /// The bytes are not an answer.
    case malformed(String)
    case oversizedHead
    /// TLS failed.
    case insecure(String)
    case other(String)

    init(_ error: any Error) {
        switch error {
        case let error as IOError:
            self = .ended(String(cString: strerror(error.errnoCode)))
        case ChannelError.connectTimeout:
            self = .timedOut
        case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, ChannelError.eof:
            self = .ended(nil)
        case HTTPParserError.headerOverflow:
            self = .oversizedHead
        case HTTPParserError.invalidEOFState:
            self = .ended(nil)
        case is HTTPParserError, is NIOHTTPDecoderError:
            self = .malformed("\(error)")
        case NIOSSLError.uncleanShutdown:
            self = .ended("closed without the end of TLS")
        case NIOSSLError.handshakeFailed(let error):
            self = .insecure(Self.describe(error))
        case let error as BoringSSLError:
            self = .insecure(Self.describe(error))
        case is NIOSSLError, is NIOSSLExtraError:
            self = .insecure("\(error)")
        default:
            self = .other("\(error)")
        }
    }

    var description: String {
        switch self {
        case .ended(let how): how ?? "the connection was closed"
        case .timedOut: "timed out"
        case .oversizedHead: "the head is too large"
        case .malformed(let what), .insecure(let what), .other(let what): what
        }
    }

    /// The library's own words, such as `CERTIFICATE_VERIFY_FAILED`, without its source locations.
    private static func describe(_ error: BoringSSLError) -> String {
        guard case .sslError(let stack) = error, !stack.isEmpty else { return "\(error)" }
        return stack.map { error in
            let words = error.description
            guard let prefix = words.range(of: "OPENSSL_internal:") else { return words }
            return String(words[prefix.upperBound...].prefix { $0 != " " })
        }.joined(separator: ", ")
    }
}
