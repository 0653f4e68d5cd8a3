/// One reply of a Redis server, or an element of one.
package enum RedisValue: Hashable, Sendable {
    /// A nil reply, whether it was written as a bulk string or as an array.
    case null
    case integer(Int64)
    /// A short text such as `OK`; bytes that are not UTF-8 are replaced.
    case status(String)
    case bulk([UInt8])
    case array([RedisValue])
    /// An error that the server reports, such as `WRONGTYPE Operation against a key …`.
    ///
    /// Servers may repeat the arguments of the command in it, so only ``errorCode`` is fit for a log.
    case error(String)

    /// The text of a bulk string or a status; `nil` for other replies.
    package var text: String? {
        switch self {
        case .status(let text): text
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .null, .integer, .array, .error: nil
        }
    }

    /// The first word of an error, such as `WRONGTYPE` or `ERR`; `nil` for other replies.
    ///
    /// A first word that is not in the form of an error code is given as `error`.
    package var errorCode: String? {
        guard case .error(let text) = self else { return nil }
        let word = text.prefix { $0 != " " }
        let isCode = !word.isEmpty && word.utf8.count <= 32 && word.allSatisfy { $0.isASCII && $0.isUppercase }
        return isCode ? String(word) : "error"
    }
}
