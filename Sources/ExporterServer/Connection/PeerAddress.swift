import NIOCore

/// Who is at the other end.
struct PeerAddress {
    /// Without port; empty where the system does not say.
    let text: String
    let isLoopback: Bool

    init(_ address: SocketAddress?) {
        let text = address?.ipAddress ?? ""
        // On a socket for both versions of IP, an IPv4 peer has an address that is mapped into IPv6.
        let isMapped = text.hasPrefix("::ffff:") && text.contains(".")
        self.text = isMapped ? String(text.dropFirst("::ffff:".count)) : text
        isLoopback = self.text == "::1" || self.text.hasPrefix("127.")
    }
}
