import Glibc

/// An address of either version of IP; one of version 4 that is mapped into version 6 is one of version 4.
struct IPAddress: Hashable, CustomStringConvertible {
    /// 4 or 16, the most significant first.
    let bytes: [UInt8]

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// Reads an address as `inet_pton` does; `nil` where the text is none.
    init?(_ text: String) {
        var version4 = [UInt8](repeating: 0, count: 4)
        var version6 = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &version4) == 1 {
            bytes = version4
        } else if inet_pton(AF_INET6, text, &version6) == 1 {
            bytes = version6.starts(with: Self.mappedPrefix) ? Array(version6.suffix(4)) : version6
        } else {
            return nil
        }
    }

    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }

    /// What one client has to itself: an address of version 4, or the network of 64 bits of one of version 6.
    var client: [UInt8] { bytes.count == 4 ? bytes : Array(bytes.prefix(8)) }

    var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The addresses that begin with the same bits, as `10.0.0.0/8`.
package struct AddressRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let prefixLength: Int

    /// A range by one of its addresses, 4 or 16 bytes, and the number of bits that all of its addresses share.
    package init(bytes: [UInt8], prefixLength: Int) {
        self.bytes = bytes
        self.prefixLength = min(max(prefixLength, 0), bytes.count * 8)
    }

    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == bytes.count else { return false }
        let (whole, rest) = prefixLength.quotientAndRemainder(dividingBy: 8)
        guard address.bytes.prefix(whole) == bytes.prefix(whole) else { return false }
        return rest == 0 || (address.bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0
    }
}
