import Foundation

/// What a request says of who sent it: the field `Authorization` (RFC 9110, section 11.6.2).
enum Credentials: Equatable {
    case none
    /// RFC 7617.
    case basic(user: String, password: [UInt8])
    /// RFC 6750, section 2.1.
    case bearer(String)
    /// Another scheme, or not what its scheme has.
    case malformed

    /// The longest token that is looked at, in bytes.
    private static let longestToken = 256
    /// The longest password that crypt(3) takes, less its zero byte.
    private static let longestPassword = 511

    init(_ field: String?) {
        guard let field else {
            self = .none
            return
        }
        let scheme = field.prefix { $0 != " " }.lowercased()
        let value = field.dropFirst(scheme.utf8.count).drop { $0 == " " }
        switch scheme {
        case "basic": self = Self.basic(value) ?? .malformed
        case "bearer" where !value.isEmpty && value.utf8.count <= Self.longestToken: self = .bearer(String(value))
        default: self = .malformed
        }
    }

    private static func basic(_ value: Substring) -> Self? {
        guard let data = Data(base64Encoded: String(value)), let colon = data.firstIndex(of: UInt8(ascii: ":")),
            let user = String(validating: data[..<colon], as: UTF8.self)
        else { return nil }
        let password = [UInt8](data[data.index(after: colon)...])
        // To crypt(3) a zero byte is the end.
        guard password.count <= longestPassword, !password.contains(0) else { return nil }
        return .basic(user: user, password: password)
    }
}
