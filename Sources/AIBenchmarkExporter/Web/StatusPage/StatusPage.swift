import ExporterServer

/// The pages for people: everything at `/`, one benchmark at `/benchmarks/NAME`, and the files that they load.
///
/// They are complete without a script. With one they stay up to date, and whoever signs in can do something.
struct StatusPage: Sendable {
    let source: StatusPageSource

    /// All routes.
    var routes: [Route] {
        [
            Route(path: "/", handler: "status") { [source] _ in
                .page(200, OverviewPage(facts: await source.facts(at: WallClock.now)).html)
            },
            Route(path: BenchmarkPath.template, handler: "benchmark", statuses: [200, 404]) { [source] request in
                let facts = await source.facts(at: WallClock.now)
                let name = request.parameters["name"] ?? ""
                guard let benchmark = facts.benchmarks.first(where: { BenchmarkPath.leads(name, to: $0.name) }) else {
                    return .page(404, UnknownBenchmarkPage(name: name, facts: facts).html)
                }
                return .page(200, BenchmarkPage(benchmark: benchmark.withBaselines, facts: facts).html)
            },
        ] + [PageAsset.stylesheet, .script, .icon].map(\.route)
    }
}

/// The page of a benchmark that there is not.
struct UnknownBenchmarkPage {
    let name: String
    let facts: PageFacts

    var html: HTML {
        let main: HTML = """
            <h1>Not found</h1><p>There is no benchmark <b>\(name)</b>. <a href="/">All benchmarks</a></p>
            """
        return PageFrame(title: "Not found", facts: facts, main: main).html
    }
}

extension ServerResponse {
    /// A page, which loads nothing but what this server has, and runs nothing that is written in it.
    static func page(_ status: Int, _ html: HTML) -> Self {
        ServerResponse(
            status: status,
            contentType: "text/html; charset=utf-8",
            headers: [
                ("Content-Security-Policy", contentSecurityPolicy), ("Cache-Control", "no-cache"),
                ("Referrer-Policy", "same-origin"),
            ],
            body: Array(html.text.utf8)
        )
    }

    private static let contentSecurityPolicy = """
        default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'
        """
}
