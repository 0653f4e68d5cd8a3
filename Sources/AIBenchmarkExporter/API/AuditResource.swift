import BenchmarkModel
import ExporterServer
import SnapshotStore

/// `GET /audit`, and `POST /benchmarks/cleanup`, which trims it together with the history.
struct AuditResource: Sendable {
    let trail: AuditTrail
    let results: Results

    private struct Page: Encodable {
        /// Newest first.
        var calls: [Call]
        /// The query parameter `cursor` of the next page.
        var next: String?
    }

    private struct Call: Encodable {
        var time: Timestamp
        var token: String?
        var address: String
        var method: String
        var path: String
        var parameters: String
        var status: Int

        init(_ entry: AuditEntry) {
            time = Timestamp(entry.time)
            token = entry.token
            address = entry.address
            method = entry.method
            path = entry.path
            parameters = entry.parameters
            status = entry.status
        }
    }

    func list(_ request: ServerRequest) async throws -> ServerResponse {
        let query = try QueryReader(request, keys: ["limit", "cursor"])
        let limit = try query.integer("limit", in: 1...1000, default: 50)
        guard let page = try await trail.page(before: query.text("cursor"), limit: limit) else {
            throw APIProblem(400, "the cursor is none of this trail")
        }
        return .json(200, Page(calls: page.entries.map(Call.init), next: page.next))
    }

    private struct Trimmed: Encodable {
        var runsDeleted: Int
        var auditEntriesDeleted: Int
    }

    func cleanUp(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        var body = try BodyReader(request, keys: ["older_than"])
        body.miss("older_than", "the age of what is to go, such as 30d")
        let age = body.duration("older_than")
        try body.finish()
        guard let age else { throw APIProblem(422, "older_than is missing") }
        let time = WallClock.now - age.seconds
        let audited = "older_than_seconds=\(age.seconds)"
        request.accept(audited)
        return await .audited(audited) {
            let trimmed: TrimmedCounts
            do {
                trimmed = try await trail.trim(before: time)
            } catch let error as StoreError where error.code == .fenced {
                throw APIProblem(409, "\(error)")
            }
            let runs = trimmed.runs + results.trim(before: time)
            return .json(200, Trimmed(runsDeleted: runs, auditEntriesDeleted: trimmed.auditEntries))
        }
    }
}
