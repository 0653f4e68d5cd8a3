import Foundation
package import NIOCore

extension NameResolver {
    /// The addresses that the system's `getaddrinfo` gives, in its order; blocks for as long as that takes.
    package static func addressesOfSystem(
        host: String,
        port: Int
    ) throws(NameResolutionError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else {
            let words: String =
                status == EAI_SYSTEM ? String(cString: strerror(errno)) : String(cString: gai_strerror(status))
            throw NameResolutionError(.failed(words), host: host)
        }
        defer { freeaddrinfo(list) }
        return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { entry in
            guard let entry = entry?.pointee, let address = entry.ai_addr else { return nil }
            let raw = UnsafeRawPointer(address)
            switch entry.ai_family {
            case AF_INET: return SocketAddress(raw.loadUnaligned(as: sockaddr_in.self), host: host)
            case AF_INET6: return SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self), host: host)
            default: return nil
            }
        }
    }
}
