import Alerting
import BenchmarkModel
import Foundation
import ServiceLifecycle
import Synchronization

/// When the alerts of the last hours fired, for the marks of the plots; it outlives restarts.
final class FiredAlerts: Service {
    /// The name of the document that keeps it.
    static let documentName = "fired_alerts"
    /// The most that are remembered.
    private static let capacity = 500

    /// An alert that fired.
    private struct Firing: Hashable, Codable {
        var key: AlertKey
        /// Seconds since 1970.
        var since: Double
    }

    /// As it is stored, with the version of its format.
    private struct Document: Codable {
        var version: Int
        var firings: [Firing]
    }

    /// Oldest first.
    private let firings: Mutex<[Firing]>
    private let board: AlertBoard
    private let remember: @Sendable ([UInt8]) async -> Void

    /// Goes on from `document`, which may be anything, as a store hands it out; `remember` stores another one.
    init(_ document: [UInt8]?, board: AlertBoard, remember: @escaping @Sendable ([UInt8]) async -> Void) {
        firings = Mutex(document.map(Self.firings) ?? [])
        self.board = board
        self.remember = remember
    }

    /// Takes over what a store remembers that came late, and stores it together with what has fired since.
    func inherit(_ documents: [String: [UInt8]]) async {
        guard let document = documents[Self.documentName] else { return }
        if let document = add(Self.firings(in: document)) { await remember(document) }
    }

    /// The alerts about an operation or its target that have fired since `time`, in seconds since 1970.
    func marks(of identity: BenchmarkIdentity, since time: Double) -> [PlotMark] {
        firings.withLock(\.self).filter { $0.since >= time && $0.key.subject.concerns(identity) }
            .map { PlotMark(kind: .alert, time: $0.since, text: "\($0.key.name.rawValue) fired") }
    }

    /// Takes notice of alerts until the graceful shutdown.
    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let revision = self.board.revision
                if let document = self.note(self.board.alerts) { await self.remember(document) }
                await self.board.change(after: revision)
            }
        }
    }

    /// Returns what is to be stored; `nil` where nothing has fired.
    func note(_ alerts: [ProcessAlert]) -> [UInt8]? {
        let firing = alerts.compactMap { alert -> Firing? in
            switch alert.phase {
            case .inactive, .pending: nil
            case .firing(let since, _), .resolved(let since, _): Firing(key: alert.key, since: since)
            }
        }
        return add(firing)
    }

    /// Returns what is to be stored; `nil` where all of it was known.
    private func add(_ firing: [Firing]) -> [UInt8]? {
        let all = firings.withLock { firings -> [Firing]? in
            let new = firing.filter { !firings.contains($0) }
            guard !new.isEmpty, let newest = (firings + new).map(\.since).max() else { return nil }
            firings = (firings + new).filter { $0.since > newest - LatencyTimeline.span }
            firings = firings.sorted { $0.since < $1.since }.suffix(Self.capacity)
            return firings
        }
        return all.flatMap { try? JSONEncoder().encode(Document(version: 1, firings: $0)) }.map(Array.init)
    }

    /// The firings of a document, which may be anything; none where it is no such document.
    private static func firings(in document: [UInt8]) -> [Firing] {
        let stored = try? JSONDecoder().decode(Document.self, from: Data(document))
        let firings = stored.flatMap { $0.version == 1 ? $0.firings : nil } ?? []
        return firings.filter { (0..<1e11).contains($0.since) }.suffix(capacity)
    }
}

extension AlertSubject {
    /// Whether an alert about it says something of the operation.
    fileprivate func concerns(_ operation: BenchmarkIdentity) -> Bool {
        switch self {
        case .exporter: false
        case .target(let name): name == operation.target
        case .benchmark(let identity): identity == operation
        }
    }
}
