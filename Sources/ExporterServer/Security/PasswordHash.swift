import CCrypt
import Crypto

/// A bcrypt hash of a password, as `htpasswd -B` makes it.
package struct PasswordHash: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The costs that are taken: with 16, one password takes seconds.
    package static let costs = 4...16

    /// Version, cost, salt and hash, as crypt(5) has them.
    private let text: String

    /// Takes a hash of the version `2a`, `2b` or `2y` and a cost of `costs`; `nil` for any other text.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]), parts[2].utf8.count == 2,
            let cost = Int(parts[2]), Self.costs.contains(cost), parts[3].utf8.count == 53,
            parts[3].utf8.allSatisfy(Self.isInAlphabet)
        else { return nil }
        self.text = text
    }

    /// A hash that no password has, and that takes as long to try.
    var decoy: PasswordHash { PasswordHash(unchecked: text.prefix(29) + String(repeating: ".", count: 31)) }

    private init(unchecked text: String) {
        self.text = text
    }

    /// Stands for the hash where it must not be kept.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    var cost: Int { Int(text.dropFirst(4).prefix(2)) ?? 0 }

    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static func isInAlphabet(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// Whether the hash is that of `password`, which has no zero byte; blocks for as long as its cost takes.
    func matches(_ password: [UInt8]) -> Bool {
        let state = UnsafeMutableRawPointer.allocate(
            byteCount: MemoryLayout<crypt_data>.size,
            alignment: MemoryLayout<crypt_data>.alignment
        )
        // All zero is how crypt(3) wants it before the first call, and how it leaves nothing of the password behind.
        func clear() { state.initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<crypt_data>.size) }
        clear()
        defer {
            clear()
            state.deallocate()
        }
        let phrase = password.map { CChar(bitPattern: $0) } + [0]
        guard let output = crypt_r(phrase, text, state.assumingMemoryBound(to: crypt_data.self)) else { return false }
        // Digests are compared in constant time.
        return SHA256.hash(data: Array(String(cString: output).utf8)) == digest
    }
}
