import NIOCore
import NIOPosix

/// An address to listen on: `HOST:PORT`, `[IPV6]:PORT` or `:PORT` for every address of the machine.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    /// `nil` for every address.
    package let host: String?
    /// 0 for any that is free.
    package let port: Int

    /// Reads an address; `ServerError` with the code `invalidAddress` where the text is none.
    package init(parsing text: String) throws(ServerError) {
        let invalid = ServerError(.invalidAddress, address: text)
        guard let colon = text.lastIndex(of: ":") else { throw invalid }
        let digits = text[text.index(after: colon)...]
        let host = text[..<colon]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            throw invalid
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.contains(":") else { throw invalid }
            self.host = String(host.dropFirst().dropLast())
        } else {
            guard host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !host.contains(where: ":[]/@".contains) else {
                throw invalid
            }
            self.host = host.isEmpty ? nil : String(host)
        }
        self.port = Int(port)
        description = text
    }

    /// The socket addresses to try in turn: both versions of IP for every address, or only the older where the machine
    /// has no other.
    func candidates() async throws(ServerError) -> [SocketAddress] {
        do {
            guard let host else {
                return try [
                    SocketAddress(ipAddress: "::", port: port), SocketAddress(ipAddress: "0.0.0.0", port: port),
                ]
            }
            if let address = try? SocketAddress(ipAddress: host, port: port) { return [address] }
            let port = port
            // Blocks until the resolver has answered, hence not here.
            return try await NIOThreadPool.singleton.runIfActive {
                [try SocketAddress.makeAddressResolvingHost(host, port: port)]
            }
        } catch {
            throw ServerError(.unknownHost, address: description, underlyingError: error)
        }
    }
}
