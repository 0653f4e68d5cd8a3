import Foundation

/// A loopback port that answers no SYN: its queue of connections is full and nobody empties it.
package final class BlackHole: Sendable {
    package let port: Int
    private let descriptors: [Int32]

    /// Listens with room for one connection and takes that room itself.
    package init() throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let occupant = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        descriptors = [listener, occupant]
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard bind(listener, pointer, length) == 0, listen(listener, 0) == 0,
                    getsockname(listener, pointer, &length) == 0
                else { return Int32(-1) }
                return connect(occupant, pointer, length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard result == 0 else { throw ChildProcess.Failure("a black hole: errno \(errno)") }
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
