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
        #expect(try Self.read("cursor=").cursor == "")
    }

    @Test(
        "a time is one of RFC 3339, in either case, with any fraction and offset",
        arguments: [
            ("1970-01-01T01:00:00.5%2B01:00", 0.5), ("1969-12-31T23:30:00-00:30", 0), ("1970-01-01t00:00:07z", 7),
            ("2026-11-24t00:00:00z", 1_795_478_400), ("2024-02-29T23:59:59.123456789Z", 1_709_251_199.123456789),
            ("2016-12-31T23:59:60Z", 1_483_228_800), ("2017-01-01T05:29:60%2B05:30", 1_483_228_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ]
    )
    func time(text: String, seconds: Double) throws {
        #expect(try Self.read("since=\(text)").since == seconds)
    }

    @Test("a parameter without a key says that none is taken")
    func none() throws {
        #expect {
            try QueryReader(ServerRequest(method: "GET", path: "/", query: "a=1"), keys: [])
        } throws: { error in
            (error as? APIProblem)?.detail == #"the query: found the parameter "a", expected none"#
        }
    }

    @Test(
        "the audit trail has what a target names and what looks like it; of anything else, which may be a secret, the length",
        arguments: [
            (
                "limit=5&since=2026-01-31T12:00:00Z&canary=x&benchmark=a+long+name+of+ours&limit=6", "7",
                "id=7 limit=5 since=2026-01-31T12:00:00Z benchmark=a long name of ours"
            ),
            ("benchmark=nope&cursor=%zz", "18c1f0a2b3c4d5e6-0", "id=18c1f0a2b3c4d5e6-0 benchmark=nope"),
            ("benchmark=http://u:p@h/&since=", "abc123", "id=abc123 since=(0 bytes) benchmark=(13 bytes)"),
            ("benchmark=a%0Ab", String(repeating: "k", count: 17), "id=(17 bytes) benchmark=(3 bytes)"),
            ("benchmark=a%20limit=9", "a b", "id=(3 bytes) benchmark=(9 bytes)"),
        ]
    )
    func audited(query: String, id: String, text: String) {
        let endpoint = Endpoint(
            method: "GET",
            path: "/{id}",
            role: .read,
            summary: "",
            parameters: [.id, .limit, .since, .benchmark(isRequired: false), .cursor, .ifNoneMatch],
            answers: [],
            respond: { _ in .text(200, "") }
        )
        let request = ServerRequest(
            method: "GET",
            path: "/",
            query: query,
            headers: RequestHeaders([("If-None-Match", "canary")]),
            parameters: ["id": id]
        )
        #expect(endpoint.audited(request, among: ["a long name of ours"]) == text)
    }

    @Test(
        "what is wrong is told in one sentence",
        arguments: [
            ("limit=0", 400, #"the query parameter limit: found "0", expected a whole number from 1 to 1000"#),
            ("limit=1001", 400, #"the query parameter limit: found "1001", expected a whole number from 1 to 1000"#),
            ("limit=1e2", 400, #"the query parameter limit: found "1e2", expected a whole number from 1 to 1000"#),
            ("limit", 400, #"the query parameter limit: found "", expected a whole number from 1 to 1000"#),
            ("limit=1&limit=1", 400, #"the query parameter limit: found it twice, expected it once"#),
            (
                "limti=1", 400,
                #"the query: found the parameter "limti", expected limit, since, wait, benchmark, cursor"#
            ),
            ("=1", 400, #"the query: found the parameter "", expected limit, since, wait, benchmark, cursor"#),
            (
                "%22%0A=1", 400,
                #"the query: found the parameter "\"\n", expected limit, since, wait, benchmark, cursor"#
            ),
            (
                "since=yesterday", 400,
                #"the query parameter since: found "yesterday", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-02-30T00:00:00Z", 400,
                #"the query parameter since: found "2026-02-30T00:00:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2025-02-29T00:00:00Z", 400,
                #"the query parameter since: found "2025-02-29T00:00:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-31T00:00:00Z", 400,
                #"the query parameter since: found "2026-11-31T00:00:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-13-01T00:00:00Z", 400,
                #"the query parameter since: found "2026-13-01T00:00:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-00-01T00:00:00Z", 400,
                #"the query parameter since: found "2026-00-01T00:00:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T25:61:61Z", 400,
                #"the query parameter since: found "2026-11-24T25:61:61Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T24:00:00Z", 400,
                #"the query parameter since: found "2026-11-24T24:00:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T00:60:00Z", 400,
                #"the query parameter since: found "2026-11-24T00:60:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T00:00:60Z", 400,
                #"the query parameter since: found "2026-11-24T00:00:60Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T15:00:00ZZZjunk", 400,
                #"the query parameter since: found "2026-11-24T15:00:00ZZZjunk", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T15:00:00", 400,
                #"the query parameter since: found "2026-11-24T15:00:00", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24 15:00:00Z", 400,
                #"the query parameter since: found "2026-11-24 15:00:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24", 400,
                #"the query parameter since: found "2026-11-24", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=20261124T150000Z", 400,
                #"the query parameter since: found "20261124T150000Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T15:00:00.Z", 400,
                #"the query parameter since: found "2026-11-24T15:00:00.Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T15:00:00%2B24:00", 400,
                #"the query parameter since: found "2026-11-24T15:00:00+24:00", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=2026-11-24T15:00:00%2B0100", 400,
                #"the query parameter since: found "2026-11-24T15:00:00+0100", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=1969-12-31T23:59:59Z", 400,
                #"the query parameter since: found "1969-12-31T23:59:59Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=1970-01-01T00:00:00%2B00:01", 400,
                #"the query parameter since: found "1970-01-01T00:00:00+00:01", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            (
                "since=99999-01-01T00:00:00Z", 400,
                #"the query parameter since: found "99999-01-01T00:00:00Z", expected a time from 1970 on, such as 2026-01-31T12:00:00Z"#
            ),
            ("wait=1", 400, #"the query parameter wait: found "1", expected true or false"#),
            ("wait=", 400, #"the query parameter wait: found "", expected true or false"#),
            ("benchmark=http://127.0.0.1:1/", 404, #"no benchmark of the configuration has that name"#),
            ("benchmark=", 404, #"no benchmark of the configuration has that name"#),
            ("cursor=%zz", 400, #"the query is not percent-encoded UTF-8"#),
            ("cursor=%FF", 400, #"the query is not percent-encoded UTF-8"#),
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
