import Dispatch
import ExporterTestSupport
import NIOCore
import Synchronization
import Testing

@testable import Probing

@Suite("Name resolver", .timeLimit(.minutes(1)))
struct NameResolverTests {
    private static let address = NameResolver.address(ofLiteral: "10.0.0.1", port: 80)

    @Test("an address is its own, without a lookup", arguments: ["127.0.0.1", "::1", "2001:db8::7"])
    func literal(_ host: String) async throws {
        let resolver = NameResolver { host, _ throws(NameResolutionError) in
            throw NameResolutionError(.failed("looked up"), host: host)
        }
        let addresses = try await resolver.resolve(host: host, port: 8080, deadline: .generous)
        #expect(addresses.map(\.ipAddress) == [host])
        #expect(addresses.map(\.port) == [8080])
    }

    @Test("the system resolves localhost to loopback addresses with the port")
    func system() async throws {
        let addresses = try await NameResolver().resolve(host: "localhost", port: 8080, deadline: .generous)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { ["127.0.0.1", "::1"].contains($0.ipAddress) && $0.port == 8080 })
    }

    @Test("what the system's lookup says of an impossible name is in the error")
    func systemFailure() async throws {
        let name = String(repeating: "a", count: 300)
        let error = await #expect(throws: NameResolutionError.self) {
            try await NameResolver().resolve(host: name, port: 80, deadline: .generous)
        }
        #expect(error?.description.hasPrefix("resolving \(name): ") == true)
    }

    @Test("a name without an address is an error")
    func noAddress() async throws {
        let error = await #expect(throws: NameResolutionError.self) {
            try await NameResolver { _, _ in [] }.resolve(host: "a.test", port: 80, deadline: .generous)
        }
        #expect(error?.description == "resolving a.test: no address")
    }

    @Test("a hanging lookup ends at the deadline; two of one name are the most, and other names go on")
    func hanging() async throws {
        let gate = Gate()
        let resolver = NameResolver { host, _ throws(NameResolutionError) in
            if host == "hangs.test" { gate.wait() }
            return [Self.address].compactMap(\.self)
        }
        for _ in 0..<NameResolver.maximumLookups + 2 {
            let error = await #expect(throws: NameResolutionError.self) {
                try await resolver.resolve(host: "hangs.test", port: 80, deadline: .now() + .milliseconds(50))
            }
            #expect(error?.description == "resolving hangs.test: timed out")
        }
        #expect(try await resolver.resolve(host: "other.test", port: 80, deadline: .generous).count == 1)
        #expect(gate.visitors <= NameResolver.maximumLookups)
        gate.open()
    }

    @Test("workers that ask for one name together all get its address, from two lookups at the most")
    func together() async throws {
        let gate = Gate()
        let resolver = NameResolver { _, _ throws(NameResolutionError) in
            gate.wait()
            return [Self.address].compactMap(\.self)
        }
        try await withThrowingTaskGroup(of: [SocketAddress].self) { group in
            for _ in 0..<20 {
                group.addTask { try await resolver.resolve(host: "a.test", port: 80, deadline: .generous) }
            }
            await gate.waitForVisitor()
            gate.open()
            for try await addresses in group { #expect(addresses == [Self.address]) }
        }
    }

    @Test("a hanging lookup ends with the cancellation of its task")
    func cancellation() async throws {
        let gate = Gate()
        let resolver = NameResolver { _, _ in
            gate.wait()
            return []
        }
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await resolver.resolve(host: "a.test", port: 80, deadline: .generous) }
            await gate.waitForVisitor()
            group.cancelAll()
            let error = await #expect(throws: NameResolutionError.self) { try await group.next() }
            #expect(error?.code == .cancelled)
        }
        gate.open()
    }
}

/// A place where threads wait until a test lets them through.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let visits = Mutex<(count: Int, watcher: CheckedContinuation<Void, Never>?)>((0, nil))

    func wait() {
        let watcher = visits.withLock { visits in
            visits.count += 1
            defer { visits.watcher = nil }
            return visits.watcher
        }
        watcher?.resume()
        semaphore.wait()
    }

    var visitors: Int { visits.withLock(\.count) }

    func waitForVisitor() async {
        await withCheckedContinuation { continuation in
            let isThere = visits.withLock { visits in
                if visits.count == 0 { visits.watcher = continuation }
                return visits.count > 0
            }
            if isThere { continuation.resume() }
        }
    }

    /// Lets all who wait go, and those who come later.
    func open() {
        for _ in 0..<64 { semaphore.signal() }
    }
}
