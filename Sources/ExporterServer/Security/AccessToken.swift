import Crypto

/// A bearer token as the configuration knows it: by its hash.
///
/// The hash is a plain SHA-256, as a token has 256 random bits and cannot be guessed, other than a password.
package struct AccessToken: Sendable, Hashable {
    /// Who uses it, for the audit trail.
    package var name: String
    package var role: Role
    /// Of the text of the token; 32 bytes.
    package var sha256: [UInt8]

    package init(name: String, role: Role, sha256: [UInt8]) {
        self.name = name
        self.role = role
        self.sha256 = sha256
    }

    /// What each token begins with, so that people and secret scanners recognise it.
    package static let prefix = "aibench_"

    /// A new token of 256 random bits, and its hash in hexadecimal digits.
    package static func generate() -> (token: String, sha256: String) {
        let bits = SymmetricKey(size: .bits256)
        let token = prefix + bits.withUnsafeBytes { Array($0).hexadecimal }
        return (token, Array(SHA256.hash(data: Array(token.utf8))).hexadecimal)
    }
}

extension [AccessToken] {
    /// The token with this text.
    ///
    /// Neither how far a hash agrees nor which one does shows in the time that it takes.
    func token(for text: String) -> AccessToken? {
        let digest = SHA256.hash(data: [UInt8](text.utf8))
        var found: AccessToken?
        for token in self where digest == token.sha256 { found = token }
        return found
    }
}

extension [UInt8] {
    private static let digits = Array("0123456789abcdef".utf8)

    fileprivate var hexadecimal: String {
        String(decoding: flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }
}
