import BenchmarkModel
import ExporterConfiguration
import Foundation
import NIOPosix
import Probing
import RedisClient
import SnapshotStore

/// The ways to the configured store: for the exporter, which owns it, and for commands, which look into it.
struct StoreAccess: Sendable {
    let configuration: ExporterConfiguration
    let stateDirectory: String
    let resolver: NameResolver
    /// Of the store that this has made, for the trail that it makes.
    private let claim = StoreClaim()

    init(configuration: ExporterConfiguration, stateDirectory: String, resolver: NameResolver) {
        self.configuration = configuration
        self.stateDirectory = stateDirectory
        self.resolver = resolver
    }

    /// A store in the state directory or elsewhere, not yet opened; `nil` where nothing is to be kept.
    func makeStore() -> (any SnapshotStore)? {
        let definition = configuration.store
        switch definition.location {
        case .none: return nil
        case .sqlite(let path):
            return SQLiteSnapshotStore(
                path: absolute(path),
                retention: definition.resultRetention,
                claim: claim,
                now: { WallClock.now }
            )
        case .redis(let endpoint):
            return RedisSnapshotStore(
                address: RedisAddress(endpoint),
                instance: configuration.instance,
                retention: definition.resultRetention,
                lookup: { [resolver] in try await resolver.resolve(host: $0, port: $1, deadline: $2) },
                eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
                claim: claim,
                now: { WallClock.now }
            )
        }
    }

    /// What reads the store and changes nothing; `nil` where nothing is kept.
    func makeReader() -> (any SnapshotReader)? {
        switch configuration.store.location {
        case .none: nil
        case .sqlite(let path): SQLiteSnapshotReader(path: absolute(path))
        case .redis(let endpoint): redisReader(endpoint)
        }
    }

    /// What keeps the audit trail; `nil` where nothing is kept.
    func makeAuditStore() -> (any AuditStore)? {
        switch configuration.store.location {
        case .none: nil
        case .sqlite(let path): SQLiteAuditStore(path: absolute(path), claim: claim)
        case .redis(let endpoint):
            RedisAuditStore(redisReader(endpoint), retention: configuration.store.resultRetention, claim: claim)
        }
    }

    /// Whether there is something to look into: a file, or a server that may answer.
    var exists: Bool {
        switch configuration.store.location {
        case .none: false
        case .sqlite(let path): FileManager.default.fileExists(atPath: absolute(path))
        case .redis: true
        }
    }

    /// The store as messages name it, without a credential.
    var place: String {
        switch configuration.store.location {
        case .none: "none"
        case .sqlite(let path): "sqlite:\(URL(fileURLWithPath: absolute(path)).standardizedFileURL.path)"
        case .redis(let endpoint): "\(RedisAddress(endpoint)), instance \(configuration.instance)"
        }
    }

    /// What the publication mark of the store is called after.
    var subject: String {
        switch configuration.store.location {
        // Not the instance: the counters are those of the file, also when the host has another name.
        case .sqlite(let path): URL(fileURLWithPath: path).lastPathComponent
        case .none, .redis: configuration.instance
        }
    }

    /// Whether what the store has acknowledged survives whatever happens to it.
    var isAcknowledgementDurable: Bool {
        switch configuration.store.location {
        case .sqlite: true
        case .none, .redis: false
        }
    }

    /// The file by whose lock this machine knows whether an exporter uses the store; `nil` for a store that is elsewhere.
    var lockPath: String? {
        switch configuration.store.location {
        case .sqlite(let path): absolute(path) + ".lock"
        case .none, .redis: nil
        }
    }

    /// Whether an exporter is using a store that is elsewhere; takes 8 s.
    func isOwnedElsewhere() async throws -> Bool {
        guard case .redis(let endpoint) = configuration.store.location else { return false }
        let clock = ContinuousClock()
        return try await redisReader(endpoint).isOwned(watching: clock) { try await clock.sleep(for: $0) }
    }

    private func redisReader(_ endpoint: RedisEndpoint) -> RedisSnapshotReader {
        RedisSnapshotReader(
            address: RedisAddress(endpoint),
            instance: configuration.instance,
            lookup: { [resolver] in try await resolver.resolve(host: $0, port: $1, deadline: $2) },
            eventLoop: MultiThreadedEventLoopGroup.singleton.next()
        )
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(stateDirectory)/\(path)"
    }
}
