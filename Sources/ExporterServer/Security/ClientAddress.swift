/// Who sent a request, perhaps through proxies.
///
/// A field that names clients is believed only from a proxy that is trusted, and of it only what trusted proxies have
/// appended: read from the right, the first address that is not one of theirs is the client.
struct ClientAddress {
    /// Empty where the system does not say.
    let text: String
    /// Whether the client is on this machine, and surely not behind a proxy on it.
    let isLoopback: Bool
    /// What limits are kept for.
    let limitKey: [UInt8]

    /// Fields that say that somebody has passed the request on.
    private static let proxyFields = ["x-forwarded-for", "forwarded", "x-real-ip", "via"]

    init(peer: String, headers: RequestHeaders, trusting proxies: [AddressRange]) {
        guard let peerAddress = IPAddress(peer) else {
            (text, isLoopback, limitKey) = (peer, false, [])
            return
        }
        var client = peerAddress
        func isTrusted(_ address: IPAddress) -> Bool { proxies.contains { $0.contains(address) } }
        if isTrusted(peerAddress) {
            let hops = headers["x-forwarded-for"]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
            for hop in hops.reversed() {
                guard isTrusted(client), let address = Self.address(of: hop) else { break }
                client = address
            }
        }
        // Never by what a field says: whoever writes there that he is on this machine is not believed.
        let isPassedOn = Self.proxyFields.contains { headers[$0] != nil }
        (text, isLoopback, limitKey) = (client.description, peerAddress.isLoopback && !isPassedOn, client.client)
    }

    /// The address of an element, which some proxies write with a port and in brackets.
    private static func address(of element: Substring) -> IPAddress? {
        let text = element.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        if let address = IPAddress(String(text)) { return address }
        if text.hasPrefix("[") { return IPAddress(String(text.dropFirst().prefix { $0 != "]" })) }
        return IPAddress(String(text.prefix { $0 != ":" }))
    }
}
