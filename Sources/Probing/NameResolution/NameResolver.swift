import Foundation
package import NIOCore
import Synchronization

/// Names to addresses, with a deadline.
///
/// The system's lookup blocks and cannot be stopped. Each one runs on a thread of its own, so that a hanging one holds up
/// neither an event loop nor the lookup of another name. The bound on lookups of one name is the bound on threads that a
/// dead name server can tie up; whoever asks beyond it waits for one of those, as workers that begin together do.
package final class NameResolver: Sendable {
    /// A lookup that blocks: the addresses of a name, in the order in which they should be tried.
    package typealias Lookup = @Sendable (_ host: String, _ port: Int) throws(NameResolutionError) -> [SocketAddress]

    private struct Name: Hashable {
        var host: String
        var port: Int
    }

    /// What goes on for one name.
    private struct Lookups {
        var running = 0
        var waiting: [LookupAnswer] = []
    }

    /// Of one name, at a time.
    static let maximumLookups = 2
    /// What a lookup opens at most at one time: a file of the system, or a socket for each address family, and one for routes.
    private static let descriptors = 4

    private let lookup: Lookup
    private let lookups = Mutex<[Name: Lookups]>([:])

    /// A resolver over `lookup`; the system's `getaddrinfo` unless a test says otherwise.
    package init(lookup: @escaping Lookup = addressesOfSystem) {
        self.lookup = lookup
    }

    /// The addresses of `host`, at least one; an address in letters is its own and needs no lookup.
    ///
    /// Throws when the name does not resolve, at the deadline, and at once when the task is cancelled.
    package func resolve(
        host: String,
        port: Int,
        deadline: NIODeadline
    ) async throws(NameResolutionError) -> [SocketAddress] {
        if let address = Self.address(ofLiteral: host, port: port) { return [address] }
        do throws(DescriptorReserve.Shortage) {
            try DescriptorReserve.claim(Self.descriptors)
        } catch {
            throw NameResolutionError(.failed("\(error)"), host: host)
        }
        let name = Name(host: host, port: port)
        let answer = LookupAnswer()
        if add(answer, to: name) {
            let thread = Thread { [self] in
                let result = Result { () throws(NameResolutionError) in try lookup(host, port) }
                for answer in finishLookup(of: name) { answer.resolve(with: result) }
            }
            thread.name = "resolver"
            thread.start()
        }
        let result = await answer.value(of: host, until: deadline)
        remove(answer, from: name)
        let addresses = try result.get()
        guard !addresses.isEmpty else { throw NameResolutionError(.failed("no address"), host: host) }
        return addresses
    }

    /// The address that `host` spells out; `nil` where it is a name.
    static func address(ofLiteral host: String, port: Int) -> SocketAddress? {
        guard (0...65_535).contains(port) else { return nil }
        return try? SocketAddress(ipAddress: host, port: port)
    }

    /// Has `answer` wait for the next lookup of `name` that ends; returns whether one more is to be started for it.
    private func add(_ answer: LookupAnswer, to name: Name) -> Bool {
        lookups.withLock { lookups in
            var ongoing = lookups[name] ?? Lookups()
            defer { lookups[name] = ongoing }
            ongoing.waiting.append(answer)
            guard ongoing.running < Self.maximumLookups else { return false }
            ongoing.running += 1
            return true
        }
    }

    /// Forgets an answer that nobody waits for any more.
    private func remove(_ answer: LookupAnswer, from name: Name) {
        lookups.withLock { $0[name]?.waiting.removeAll { $0 === answer } }
    }

    /// Notes the end of one lookup, and returns those who waited for it.
    private func finishLookup(of name: Name) -> [LookupAnswer] {
        lookups.withLock { lookups in
            guard var ended = lookups[name] else { return [] }
            ended.running -= 1
            lookups[name] = ended.running > 0 ? Lookups(running: ended.running) : nil
            return ended.waiting
        }
    }
}
