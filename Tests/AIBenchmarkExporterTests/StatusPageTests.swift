import BenchmarkModel
import ExporterServer
import Foundation
import Testing

@testable import AIBenchmarkExporter

@Suite("the status page") struct StatusPageTests {
    private static let hostile = "\"><script src=//evil.example/x.js></script><img onerror='x' style=\"x\">&amp;\u{0}"

    private static func pages(_ facts: PageFacts) throws -> [String] {
        let benchmark = try #require(facts.benchmarks.first)
        return [
            OverviewPage(facts: facts).html.text, BenchmarkPage(benchmark: benchmark, facts: facts).html.text,
            UnknownBenchmarkPage(name: benchmark.name, facts: facts).html.text,
        ]
    }

    @Test("hostile names and failures are text wherever they stand")
    func hostile() throws {
        let facts = SamplePage.facts(name: Self.hostile, detail: Self.hostile, management: "/ai/performance")
        for page in try Self.pages(facts) {
            #expect(page.replacing("<wbr>", with: "").contains("&quot;&gt;&lt;script src=//evil.example"))
            #expect(page.matches(of: /<script/).count == 1)
            #expect(page.matches(of: /<img/).count == 1)
            #expect(!page.contains("\u{0}"))
        }
    }

    @Test("nothing is written into a page that its content security policy forbids")
    func noInline() throws {
        for page in try Self.pages(SamplePage.facts(management: "/ai/performance")) {
            #expect(page.firstMatch(of: /<style|\sstyle=|\son[a-z]+=|javascript:|<script[^>]*>[^<]/) == nil)
            for match in page.matches(of: /(?:src|href|action)="([^"]*)"/) {
                #expect(match.1.hasPrefix("/") && !match.1.hasPrefix("//") || match.1.hasPrefix("#"))
            }
        }
        for content in [PackageResources.page_css, PackageResources.page_js] {
            #expect(!String(decoding: content, as: UTF8.self).contains("://"))
        }
    }

    @Test("elements are closed in order, and no id is there twice")
    func wellFormed() throws {
        for page in try Self.pages(SamplePage.facts(management: "/ai/performance")) {
            let void: Set<Substring> = ["meta", "link", "img", "input"]
            var open: [Substring] = []
            for tag in page.matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/) where !void.contains(tag.2) && tag.3.isEmpty {
                if tag.1.isEmpty { open.append(tag.2) } else { #expect(open.popLast() == tag.2) }
            }
            #expect(open.isEmpty)
            let ids = page.matches(of: /\sid="([^"]*)"/).map(\.1)
            #expect(ids.count == Set(ids).count)
        }
    }

    @Test(
        "a page and all that it loads weigh less than 150 KiB, however long and however much is measured",
        arguments: [
            (1, 1), (9, 1), (32, 1), (33, 1), (64, 1), (65, 1), (100, 1), (1, 6), (1, 10), (9, 6), (1, 40),
        ]
    )
    func weight(benchmarks: Int, operations: Int) throws {
        let facts = SamplePage.facts(
            benchmarks: benchmarks,
            operations: operations,
            detail: String(repeating: "long ", count: 100),
            runs: 360,
            management: "/ai/performance"
        )
        let assets = [PackageResources.page_css, PackageResources.page_js, PackageResources.icon_svg].map(\.count)
        for page in try Self.pages(facts) {
            let weight = page.utf8.count + assets.reduce(0, +)
            #expect(weight < 150 * 1024, "\(benchmarks) benchmarks of \(operations) operations: \(weight) bytes")
        }
    }

    @Test("the overview says of each operation how it is, how it has been, and what went wrong last")
    func overview() throws {
        let page = OverviewPage(facts: SamplePage.facts()).html.text
        for number in 0..<3 { #expect(page.contains("<a href=\"/benchmarks/benchmark\(number)\">")) }
        for text in [
            "<dt>p95</dt>", "<dd>≤ 300 ms</dd>", "<dt>Success</dt>", "Next run <time", "<code>http_5xx</code>",
            ">trace 4bf92f3577b34da6a3ce929d0e0e4736<", "▲ degraded, 2.1 ×", "class=\"mark regression\"",
            "<span class=\"badge firing\">▲ firing</span> <b>P95Breach</b>", "1\u{202F}200 of 1\u{202F}000 tokens",
            "✕ spent",
            "aria-label=\"The last 1 h: 40 runs, 40 beyond the objective; p95 from 311 ms to 398 ms; 1 regression; objective p95 ≤ 300 ms\"",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test("the page of a benchmark has its phases, its baseline and its runs")
    func benchmark() throws {
        let facts = SamplePage.facts()
        let page = BenchmarkPage(benchmark: try #require(facts.benchmarks.first), facts: facts).html.text
        for text in [
            "<h3>Phases</h3>", "wait</th><td class=\"number\">50.0 ms</td><td class=\"number\">62.5 %</td>",
            "connect</th><td class=\"number\">40.0 ms</td><td class=\"number\">25 %</td>",
            "<h3>Baseline</h3>", "2.1 × (95 %: 1.9 × to 2.4 ×)", "+10 % an hour", "http_5xx 3",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(page.matches(of: /<tr><td>/).count == RecentRuns.listed)
    }

    @Test("figures are of the objective's metric, and the first is the one that is judged")
    func metric() throws {
        var facts = SamplePage.facts(benchmarks: 1)
        facts.benchmarks[0].operations[0].objective = Objective(metric: .timeToFirstToken, statistic: .mean)
        facts.benchmarks[0].operations[0].last?.objective = Objective(metric: .timeToFirstToken, statistic: .mean)
        facts.benchmarks[0].operations[0].last?.statistics?.judged = 0.123
        facts.benchmarks[0].runs[0].operations[0].objective = Objective(metric: .timeToFirstToken, statistic: .mean)
        let overview = OverviewPage(facts: facts).html.text
        #expect(overview.contains("<dl class=\"figures\"><div><dt>mean first token</dt><dd>123 ms</dd></div>"))
        #expect(overview.contains("; mean first token from "))
        let page = BenchmarkPage(benchmark: facts.benchmarks[0], facts: facts).html.text
        #expect(page.contains("<dl class=\"figures many\"><div><dt>mean first token</dt><dd>123 ms</dd></div>"))
        for text in [
            "<dt>p99 first token</dt>", "<td>mean first token ≤ 300 ms</td>", "mean first token ≤ 300 ms</text>",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test("a plot tells of the marks that are to be seen on it, by their kind")
    func marks() throws {
        var facts = SamplePage.facts(benchmarks: 1, runs: 1)
        facts.benchmarks[0].operations[0].marks = [
            PlotMark(kind: .improvement, time: facts.now - 20, text: ""),
            PlotMark(kind: .alert, time: facts.now - 10, text: ""),
            PlotMark(kind: .alert, time: facts.now - 9, text: ""),
            PlotMark(kind: .regression, time: facts.now - 7200, text: ""),
        ]
        let page = OverviewPage(facts: facts).html.text
        #expect(page.contains(": 1 run, 1 beyond the objective; "))
        #expect(page.contains("; 1 improvement; 2 alerts; objective p95 ≤ 300 ms\""))
    }

    @Test("nine tenths of a budget are marked, however small it is")
    func smallBudget() {
        var facts = SamplePage.facts()
        facts.budgets = [BudgetFacts(target: "a", period: "day", spent: 1, limit: 5)]
        #expect(OverviewPage(facts: facts).html.text.contains("max=\"5\" high=\"4.5\""))
    }

    @Test(
        "each operation has a plot, on a page of many too",
        arguments: [(1, 1), (9, 1), (32, 1), (64, 1), (1, 20), (80, 1), (1, 80)]
    )
    func plots(benchmarks: Int, operations: Int) throws {
        let facts = SamplePage.facts(benchmarks: benchmarks, operations: operations, management: "/ai/performance")
        let page = OverviewPage(facts: facts).html.text
        #expect(page.matches(of: /<svg role="img"/).count == benchmarks * operations)
    }

    @Test("where the management API is closed, the page says how to open it and offers nothing of it")
    func closed() throws {
        for page in try Self.pages(SamplePage.facts()) {
            for text in ["sign-in", "data-call"] { #expect(!page.contains(text), "\(text)") }
            #expect(page.contains("<code>ai-benchmark-exporter token</code>"))
        }
    }

    @Test("without a run, an alert, a budget or a store the page says so, or nothing")
    func absent() throws {
        var facts = SamplePage.facts(runs: 0)
        facts.alerts = []
        facts.store = nil
        facts.budgets = []
        let page = OverviewPage(facts: facts).html.text
        for text in ["Alerts", "Budgets"] { #expect(!page.contains(text), "\(text)") }
        #expect(page.contains("The first run is still to come."))
        #expect(page.contains("– 3 no run yet"))
        #expect(page.contains("Nothing is kept: after a restart, counters and baselines begin anew."))
    }

    @Test("a schedule that was changed is told, with the way back")
    func schedule() throws {
        var facts = SamplePage.facts(management: "/ai/performance")
        facts.schedule = ContinuousOverride(isStopped: true)
        var page = OverviewPage(facts: facts).html.text
        #expect(page.contains("The schedule is stopped: nothing is measured until somebody starts it."))
        #expect(page.contains("hidden>Start schedule</button>"))
        #expect(!page.contains("hidden>Stop schedule</button>"))
        facts.schedule = ContinuousOverride(interval: .seconds(90), benchmarks: ["benchmark1"])
        facts.benchmarks[0].isScheduled = false
        page = OverviewPage(facts: facts).html.text
        #expect(page.contains("it runs only 1 of 3 benchmarks, every 90 s, whatever the configuration says."))
        #expect(page.contains("hidden>Schedule as configured</button>"))
        #expect(page.matches(of: /▪ stopped/).count == 1)
    }

    @Test("a run that somebody asked for can be cancelled by those who signed in")
    func manualRun() throws {
        var facts = SamplePage.facts(management: "/ai/performance")
        facts.manualRun = ManualRunFacts(id: "1f", benchmarks: ["a", "b", "c"])
        let page = OverviewPage(facts: facts).html.text
        #expect(page.contains("A run of 3 benchmarks, which somebody asked for, is going."))
        #expect(page.contains("data-method=\"DELETE\" data-call=\"/benchmarks/runs/1f\""))
    }

    @Test("alerts of one name are told together, those that fire first")
    func alerts() throws {
        var facts = SamplePage.facts(benchmarks: 20)
        facts.alerts = (0..<20).map { number in
            AlertFacts(
                name: "P95Breach",
                severity: .critical,
                state: .firing,
                since: SamplePage.now - Double(number),
                subject: "get · assistant",
                benchmark: "benchmark\(number)",
                reason: "it is slow"
            )
        }
        let page = OverviewPage(facts: facts).html.text
        #expect(page.matches(of: /<details id="alert-/).count == 1)
        #expect(page.contains("critical · 20 operations · since"))
        #expect(page.contains("and 8 more"))
        for index in facts.alerts.indices { facts.alerts[index].benchmark = nil }
        #expect(OverviewPage(facts: facts).html.text.contains("critical · 20 targets · since"))
    }

    @Test("where nothing has run for long, a plot says so")
    func silence() throws {
        var facts = SamplePage.facts()
        facts.now += 2 * LatencyTimeline.span
        #expect(OverviewPage(facts: facts).html.text.matches(of: /No run in the last 6 h\./).count == 3)
    }

    @Test("assets may be kept for ever, as another content has another path")
    func assets() async {
        for asset in [PageAsset.stylesheet, .script, .icon] {
            #expect(asset.path.wholeMatch(of: /\/assets\/[a-z]+\.[0-9a-f]{16}\.(css|js|svg)/) != nil)
            let answer = await asset.route.respond(ServerRequest(method: "GET", path: asset.path))
            #expect(answer.headers.first?.value == "public, max-age=31536000, immutable")
            #expect(!answer.body.isEmpty)
        }
    }

    @Test("the content security policy lets nothing be written into a page, and nothing come from elsewhere")
    func policy() {
        let answer = ServerResponse.page(200, "")
        let policy = answer.headers.first { $0.name == "Content-Security-Policy" }?.value ?? ""
        #expect(policy.hasPrefix("default-src 'none';"))
        #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"))
    }
}
