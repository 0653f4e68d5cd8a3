import ExporterServer
import Testing

@testable import AIBenchmarkExporter

@Suite("queries of requests") struct QueryReaderTests {
    private struct Read: Equatable {
        var limit: Int
        var since: Double?
        var wait: Bool
        var benchmark: String?
        var cursor: String?
    }

    private static func read(_ query: String?) throws -> Read {
        let request = ServerRequest(method: "GET", path: "/", query: query)
        let reader = try QueryReader(request, keys: ["limit", "since", "wait", "benchmark", "cursor"])
        return Read(
            limit: try reader.integer("limit", in: 1...1_000, default: 50),
            since: try reader.time("since"),
            wait: try reader.flag("wait"),
            benchmark: try reader.benchmark(among: ["a", "b c"]),
            cursor: reader.text("cursor")
        )
    }

    @Test("what is right is read, percent-encoded or not, in any order")
    func right() throws {
        for query in [nil, "", "&", "&&"] { #expect(try Self.read(query) == Read(limit: 50, wait: false)) }
        let all = "wait=true&limit=7&benchmark=b+c&since=1970-01-01T00:00:10Z&cursor=1%2D2"
        #expect(try Self.read(all) == Read(limit: 7, since: 10, wait: true, benchmark: "b c", cursor: "1-2"))
        #expect(try Self.read("since=1970-01-01T01:00:00.5%2B01:00").since == 0.5)
        #expect(try Self.read("cursor=").cursor == "")
    }

    @Test(
        "what is wrong is told in one sentence",
        arguments: [
            ("limit=0", 400, "the query parameter limit is not a whole number from 1 to 1000"),
            ("limit=1001", 400, "the query parameter limit is not a whole number from 1 to 1000"),
            ("limit=1e2", 400, "the query parameter limit is not a whole number from 1 to 1000"),
            ("limit", 400, "the query parameter limit is not a whole number from 1 to 1000"),
            ("limit=1&limit=1", 400, "the query parameter limit stands there twice"),
            ("limti=1", 400, "unknown query parameter: expected limit, since, wait, benchmark, cursor"),
            ("=1", 400, "unknown query parameter: expected limit, since, wait, benchmark, cursor"),
            ("since=yesterday", 400, "the query parameter since is not a time such as 2026-01-31T12:00:00Z"),
            ("since=1969-12-31T23:59:59Z", 400, "the query parameter since is not a time such as 2026-01-31T12:00:00Z"),
            (
                "since=99999-01-01T00:00:00Z", 400,
                "the query parameter since is not a time such as 2026-01-31T12:00:00Z"
            ),
            ("wait=1", 400, "the query parameter wait is not true or false"),
            ("wait=", 400, "the query parameter wait is not true or false"),
            ("benchmark=http://127.0.0.1:1/", 404, "no benchmark of the configuration has that name"),
            ("benchmark=", 404, "no benchmark of the configuration has that name"),
            ("cursor=%zz", 400, "the query is not percent-encoded UTF-8"),
            ("cursor=%FF", 400, "the query is not percent-encoded UTF-8"),
        ]
    )
    func wrong(query: String, status: Int, detail: String) {
        #expect {
            try Self.read(query)
        } throws: { error in
            (error as? APIProblem).map { $0.status == status && $0.detail == detail } ?? false
        }
    }
}
