import BenchmarkModel
import ExporterServer

/// What all pages have around them.
struct PageFrame {
    /// Of the window, before the name of the exporter.
    let title: String
    let facts: PageFacts
    let main: HTML

    /// The whole page.
    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title) · ai-benchmark-exporter</title>
        <link rel="icon" type="image/svg+xml" href="\(PageAsset.icon.path)">
        <link rel="stylesheet" href="\(PageAsset.stylesheet.path)">
        <script defer src="\(PageAsset.script.path)"></script>
        </head>
        <body\(management)>
        <a class="skip" href="#main">Skip to the benchmarks</a>
        <header>
        <a class="brand" href="/"><img src="\(PageAsset.icon.path)" alt="" width="28" height="28">ai-benchmark-exporter</a>
        <nav aria-label="Exporter"><a href="\(facts.telemetryPath)">Metrics</a><a href="/config">Configuration</a>\
        <a href="/-/healthy">Health</a></nav>
        <div class="live"><span class="muted">As of \(FigureText.time(facts.now))</span>\
        <button type="button" id="live" aria-pressed="true" hidden>Live</button></div>
        \(signIn)
        </header>
        <p id="message" role="status"></p>
        <main id="main">
        \(main)
        </main>
        <footer><p>Instance <b>\(facts.instance)</b> · version \(ExporterVersion.current)</p>\(howToOpen)</footer>
        </body>
        </html>

        """
    }

    private var management: HTML? {
        facts.management.map { " data-management=\"\($0)\"" }
    }

    private var howToOpen: HTML? {
        guard facts.management == nil else { return nil }
        return """
            <p>To run, stop and accept from here, make a token with <code>ai-benchmark-exporter token</code> and put the line that \
            it prints under <code>api.tokens</code> in the configuration.</p>
            """
    }

    /// Without a script nobody can send a token, so the script shows it.
    private var signIn: HTML? {
        guard facts.management != nil else { return nil }
        return """
            <form id="sign-in" hidden><label for="token">Token</label>\
            <input id="token" type="password" autocomplete="off" spellcheck="false" required>\
            <button type="submit">Sign in</button></form>\
            <button type="button" id="sign-out" hidden>Sign out</button>
            """
    }
}
